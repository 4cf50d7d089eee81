// How a file says in which relation a person stands to the party: our words, theirs, or a membership with its dates.
import type { Scope } from 'rostra/plugin';
import type { Cells } from './import-cells.ts';
import type { DateOrders } from './import-dates.ts';
import type { Relation } from './index.ts';
import { dayOf } from './prepare.ts';
import { relations } from './schemas.ts';

const words: Record<string, Relation> = {
  ...spelt(
    'member',
    'member, membre, adherent, adherente, active, actif, grace period, a jour, yes',
  ),
  ...spelt('member', 'oui, true, y, 1, x, current, en cours, valide'),
  ...spelt(
    'former_member',
    'former member, ancien adherent, ancienne adherente, ancien membre, expired',
  ),
  ...spelt(
    'former_member',
    'expire, expiree, canceled, cancelled, resigned, lapsed, demissionnaire',
  ),
  ...spelt('former_member', 'radie, radiee, suspended, non renouvele'),
  ...spelt('regular_contact', 'regular contact, contact regulier, supporter, sympathisant'),
  ...spelt(
    'regular_contact',
    'sympathisante, volunteer, benevole, militant, militante, donor, donateur',
  ),
  ...spelt('occasional_contact', 'occasional contact, contact occasionnel, contact, prospect'),
};
const none = new Set(['no', 'non', 'false', 'n', '0', 'non supporter', 'none', 'aucun', 'aucune']);

/** A file says it in few ways, thousands of times. */
const knownMost = 500;

function spelt(relation: Relation, list: string): Record<string, Relation> {
  return Object.fromEntries(list.split(', ').map((word) => [word, relation]));
}

/**
 * `unknown` for a word that we cannot read. Whoever asked to be left alone is a member or was one, never a contact.
 */
export function makeRelationReader(scope: Scope, usual: string | undefined, orders: DateOrders) {
  const own = new Map<string, Relation>(
    relations.flatMap((kind) => [
      [fold(kind), kind],
      [fold(scope.t(`people.relation.${kind}`)), kind],
    ]),
  );
  const known = new Map<string, Relation | 'none'>();
  const read = (text: string): Relation | 'none' | undefined => {
    const before = known.get(text);
    if (before) return before;
    const word = fold(text);
    const found = own.get(word) ?? words[word] ?? (none.has(word) ? 'none' : undefined);
    if (found && known.size < knownMost) known.set(text, found);
    return found;
  };
  return (cells: Cells, isOut: boolean): Relation | 'unknown' | undefined => {
    const typed = cells.value('relation');
    const said = typed ? read(typed) : undefined;
    if (typed && !said) return 'unknown';
    const member = membershipOf(scope, cells, read, orders);
    const found = said && said !== 'none' ? said : (member ?? (said ? undefined : usual));
    const isContact = found === 'regular_contact' || found === 'occasional_contact';
    return isOut && isContact ? undefined : (found as Relation | undefined);
  };
}

function membershipOf(
  scope: Scope,
  cells: Cells,
  read: (text: string) => Relation | 'none' | undefined,
  { membershipExpires: order }: DateOrders,
): Relation | undefined {
  const status = cells.value('membershipStatus');
  const said = status ? read(status) : undefined;
  if (said === 'none') return undefined;
  if (said) return said;
  if (!cells.value('membershipLevel')) return undefined;
  const isMonthFirst = order && order === 'month';
  const ends = dayOf(scope, cells.value('membershipExpires') ?? '', isMonthFirst);
  return ends && ends < scope.now().toISOString().slice(0, 10) ? 'former_member' : 'member';
}

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}
