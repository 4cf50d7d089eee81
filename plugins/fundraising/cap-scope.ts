// What is added up to a cap: gifts of one donor in the same span, to the same of the party's recipients.
import type { Recipient } from './recipient.sql.ts';
import type { Till } from './till.ts';

/** An install is one party, so what is the party's needs no number: `party/2026`, `recipient:3/2026`. */
export function capScopeOf(
  { across, per }: NonNullable<Till['cap']['value']>,
  recipient: Recipient,
  { isPartys, givenOn }: { isPartys: boolean; givenOn: string },
): string {
  const alone = isPartys ? 'party' : `recipient:${recipient.id}`;
  const spans = {
    donation: `donation:${givenOn}`,
    day: givenOn,
    calendar_year: givenOn.slice(0, 4),
    election: `election:${foldElection(recipient.election ?? '')}`,
    election_year: givenOn.slice(0, 4),
  };
  // Play money takes no room from what is real.
  const play = recipient.isTest ? 'test:' : '';
  return `${play}${across === 'recipient' ? alone : across}/${spans[per]}`;
}

/** Two who write one election each in their own way mean one: `Municipales 2026.` is `municipales-2026`. */
export function foldElection(written: string): string {
  const plain = written
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  return (plain.match(/[\p{L}\p{M}]+|\p{N}+/gu) ?? []).join('-');
}
