// What is added up to a cap: gifts of one donor in the same span, to the same of the party's recipients.
import type { Recipient } from './recipient.sql.ts';
import type { Till } from './till.ts';

/** An install is one party, so what is the party's needs no number: `party/2026`, `region:OH/2026`, `recipient:3/2026`. */
export function capScopeOf(
  { across, per }: NonNullable<Till['cap']['value']>,
  recipient: Recipient,
  { isPartys, givenOn }: { isPartys: boolean; givenOn: string },
): string {
  const spans = {
    donation: `donation:${givenOn}`,
    day: givenOn,
    calendar_year: givenOn.slice(0, 4),
    election: `election:${foldElection(recipient.election ?? '')}`,
    election_year: givenOn.slice(0, 4),
  };
  // Play money takes no room from what is real.
  const play = recipient.isTest ? 'test:' : '';
  return `${play}${togetherOf(across, recipient, isPartys)}/${spans[per]}`;
}

function togetherOf(
  across: NonNullable<Till['cap']['value']>['across'],
  { id, region }: Recipient,
  isPartys: boolean,
): string {
  const alone = isPartys ? 'party' : `recipient:${id}`;
  if (across === 'recipient') return alone;
  // Without one the till takes nothing.
  if (across === 'region') return region ? `region:${region}` : alone;
  return across;
}

/** Two who write one election each in their own way mean one: `Municipales 2026.` is `municipales-2026`. */
export function foldElection(written: string): string {
  const plain = written
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  return (plain.match(/[\p{L}\p{M}]+|\p{N}+/gu) ?? []).join('-');
}
