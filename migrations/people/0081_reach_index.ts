// Whom we may reach is read from indexes alone: of a million people the tables themselves are too much to read each time.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${indexes.map(({ name }) => `drop index if exists people.${name}`).join(';')};
    ${indexes.map(({ name, now }) => `create index ${name} on people.${now}`).join(';')}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(indexes.map(({ name }) => `drop index people.${name}`).join(';'));
  for (const { name, before } of indexes) {
    if (before) await knex.raw(`create index ${name} on people.${before}`);
  }
}

/** Each is its forerunner, with what the question reads beside the key; that of people is new. */
const indexes: readonly { name: string; now: string; before?: string }[] = [
  {
    name: 'person_reach',
    now: 'person (id) include (birth_date, source) where erased_at is null',
  },
  {
    name: 'email_address_person',
    now: 'email_address (person_id) include (status, hash)',
    before: 'email_address (person_id)',
  },
  {
    name: 'postal_address_person',
    now: 'postal_address (person_id, id) include (country)',
    before: 'postal_address (person_id)',
  },
  {
    name: 'consent_channel',
    now: 'consent (channel, person_id, purpose, id desc) include (organization_id, given)',
    before: 'consent (channel, person_id, purpose, id desc)',
  },
];
