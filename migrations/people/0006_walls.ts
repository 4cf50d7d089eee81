// After a merge the words of a consent are shown with the survivor; and which suppressions are for good.
import type { Knex } from 'knex';
import { ofSeenPerson } from './0001_person.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${detailWall}; ${forGood}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop function people.is_suppressed_for_good; ${ofSeenPerson('consent_detail')}`);
}

/** The detail keeps the first person's id, for the digest; whose it is now stands in the ledger. */
const detailWall = `
  select core.secure('people.consent_detail', $$ exists (
    select from people.consent c join people.affiliation a on a.person_id = c.person_id
    where c.id = consent_detail.consent_id
      and a.organization_id = any ((select core.visible())::bigint[])) $$)`;

const forGood = `
  create function people.is_suppressed_for_good(kind text, address text) returns boolean
    language sql stable strict security definer set search_path = pg_catalog
    return exists (select from people.suppression s
      where s.kind = is_suppressed_for_good.kind and s.reason <> 'unsubscribed'
        and s.hash = people.keyed_hash(is_suppressed_for_good.kind, is_suppressed_for_good.address));
  comment on function people.is_suppressed_for_good(text, text) is
    'Party-wide, as is_suppressed. Who unsubscribed may come back; an objection, a complaint and an erasure stand.'`;
