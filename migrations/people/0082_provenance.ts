// Of each value of a person, who it came from, where that is not who the record itself came from.
import type { Knex } from 'knex';
import { ofSeenPerson } from './0001_person.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw([table, ofSeenPerson('provenance'), ...past].join(';'));
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table people.provenance');
}

const table = `
  create table people.provenance (
    person_id bigint not null references people.person on delete restrict,
    field text not null check (field in ('givenName', 'familyName', 'birthDate', 'locale', 'emailAddress',
      'phoneNumber', 'postalAddress', 'relation', 'tag')),
    item bigint not null default 0,
    kind text not null check (kind in ('person', 'staff', 'import', 'plugin', 'unknown')),
    reference text,
    merged_from bigint,
    at timestamptz not null,
    primary key (person_id, field, item)
  );
  comment on table people.provenance is
    'Who a value came from (GDPR art. 14(2)(f), Reg. (EU) 2024/900 art. 18(1)(a)). A value without a row came with the record itself: person.source, person.created_at.';
  comment on column people.provenance.item is
    'Id of the row in the field''s own table, for a tag that of the tag; 0 where a person has one value.';
  comment on column people.provenance.kind is 'unknown: of before this was kept.';
  comment on column people.provenance.reference is 'Of an import its id; of a person or a plugin the word of the source.';
  comment on column people.provenance.merged_from is 'The record that it stood on, which became this one.'`;

const insert = 'insert into people.provenance (person_id, field, item, kind, at)';
/** Hands of staff in the history; a list in the timeline; both written at the time of the value. */
const isEdited = (row: string, field: string) => `exists (select from people.history h
  where h.person_id = ${row}.person_id and h.field = '${field}' and h.at = ${row}.at)`;
const isListed = (row: string) => `exists (select from people.timeline l
  where l.person_id = ${row}.person_id and l.kind = 'people.timeline.imported' and l.at = ${row}.at)`;

/** What came after its record, in a table of its own. */
const added = (field: string, history: string, rows: string): string => `
  ${insert}
  select v.person_id, '${field}', v.item, case when ${isEdited('v', history)} then 'staff'
    when ${isListed('v')} then 'import' else 'unknown' end, v.at
  from (${rows}) v join people.person p on p.id = v.person_id where v.at <> p.created_at`;

const rowsOf = (name: string) =>
  `select person_id, id as item, created_at as at from people.${name}`;

const past = [
  ...(['givenName', 'familyName', 'birthDate'] as const).map(
    (field) => `
  ${insert} select person_id, field, 0, 'staff', max(at) from people.history
  where field = '${field}' group by person_id, field`,
  ),
  // A list may have filled what was empty, and nothing tells whether it did.
  `${insert}
  select distinct p.id, f.field, 0, 'unknown', p.created_at
  from people.import_person m join people.person p on p.id = m.person_id
  cross join lateral (values ('givenName', p.given_name), ('familyName', p.family_name),
    ('birthDate', p.birth_date::text)) f (field, value)
  where not m.is_new and f.value is not null on conflict do nothing`,
  added('emailAddress', 'emailAddresses', rowsOf('email_address')),
  added('phoneNumber', 'phoneNumbers', rowsOf('phone_number')),
  added('relation', 'relation', rowsOf('relation')),
  added(
    'tag',
    'tags',
    'select person_id, tag_id as item, at from people.tagging where by_account is null',
  ),
  added('postalAddress', 'postalAddresses', rowsOf('postal_address')),
  // One that was changed kept its row, and its time.
  `${insert} select a.person_id, 'postalAddress', a.id, 'staff', max(h.at)
  from people.postal_address a join people.history h on h.person_id = a.person_id and h.field = 'postalAddresses'
  group by a.person_id, a.id on conflict (person_id, field, item) do update set kind = 'staff', at = excluded.at`,
];
