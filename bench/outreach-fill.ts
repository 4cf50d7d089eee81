// Subscribers of a newsletter, each with an address and a word of consent, and sends to them: written by SQL for the bench.
import type { Db } from '../core/database/connect.ts';
import type { Scope } from '../core/scope.ts';

/** Answers the id of their newsletter. */
export async function fillSubscribers(db: Db, people: number): Promise<string> {
  await db.transaction(async (own) => {
    await own.raw('set local statement_timeout = 0');
    // What the triggers would do is nothing to the question.
    await own.raw('set local session_replication_role = replica');
    for (const step of steps) {
      const used = Object.entries({ people, started }).filter(([name]) =>
        step.includes(`:${name}`),
      );
      await own.raw(step, Object.fromEntries(used));
    }
  });
  const found = await db.raw(
    `select format('people.%I', tablename) as name from pg_tables where schemaname = 'people'`,
  );
  for (const { name } of found.rows) await db.raw(`vacuum analyze ${name}`);
  const newsletter = await db.raw(`select id from people.newsletter where key = 'bench'`);
  return newsletter.rows[0].id;
}

const started = new Date('2026-11-01T08:00:00Z');
const party = '(select id from core.organization where parent_id is null)';

const steps = [
  `insert into people.newsletter (organization_id, key, name, created_at)
   values (${party}, 'bench', 'La lettre', :started)`,
  `insert into people.person (key, given_name, family_name, source, sort_name, search, created_at, changed_at)
   select gen_random_uuid(), 'Camille' || n, 'Martin', 'website.sign-up', 'martin camille' || n, ' camille' || n,
     :started, :started
   from generate_series(1, :people) as n`,
  `insert into people.email_address (person_id, address, hash, status, is_primary, created_at)
   select id, address, people.keyed_hash('email', address), 'ok', true, :started
   from (select id, 'p' || id || '@poste.example' as address from people.person) known`,
  `insert into people.subscription (newsletter_id, person_id, since)
   select n.id, p.id, :started from people.newsletter n cross join people.person p where n.key = 'bench'`,
  `insert into people.consent (organization_id, person_id, channel, purpose, given, locale, source, at, digest)
   select ${party}, id, 'email', 'newsletter', true, 'fr', 'website.sign-up', :started, sha256(id::text::bytea)
   from people.person`,
  `insert into people.consent_detail (consent_id, person_id, wording, evidence, salt)
   select id, person_id, 'Oui.', '{"confirmedAt": "2026-11-01"}', '\\x00' from people.consent`,
];

/** They have a telephone too, and agreed to text messages. */
export async function fillTelephones(db: Db): Promise<void> {
  await db.transaction(async (own) => {
    await own.raw('set local session_replication_role = replica');
    for (const step of telephones) await own.raw(step, { started });
  });
  for (const name of ['phone_number', 'consent']) await db.raw(`vacuum analyze people.${name}`);
}

/** Of the person with this id. */
export const numberOf = (id: number): string => `+336${String(id).padStart(8, '0')}`;

/** As staff released it. */
export async function insertReleased(
  scope: Scope,
  newsletterId: string,
  content: Record<string, unknown>,
  channel = 'email',
): Promise<string> {
  const made = await scope.db.raw(
    `insert into outreach.send (organization_id, channel, name, newsletter_id, content, state, author, created_at,
       changed_at, approver, approved_at, starts_at)
     values (:organizationId, :channel, 'Bench', :newsletterId, cast(:content as jsonb), 'approved', 'Olga', :now,
       :now, 'Olga', :now, :now) returning id`,
    {
      ...{ organizationId: scope.organization.id, now: scope.now(), newsletterId, channel },
      content: JSON.stringify(content),
    },
  );
  return made.rows[0].id;
}

/** Another send to so many of those of `from`, frozen as it was. */
export async function copyFrozen(scope: Scope, from: string, most: number): Promise<string> {
  const now = scope.now();
  return scope.write(async ({ db }) => {
    const made = await db.raw(
      `insert into outreach.send (organization_id, channel, name, newsletter_id, content, state, author, created_at,
         changed_at, approver, approved_at, starts_at, frozen_at)
       select organization_id, channel, name, newsletter_id, content, 'sending', author, :now, :now, approver, :now,
         :now, :now from outreach.send where id = :from returning id`,
      { from, now },
    );
    const { id } = made.rows[0];
    await db.raw(
      `insert into outreach.recipient (send_id, person_id, address, locale, is_direct, decision, consent_id, due_at)
       select :id, person_id, address, locale, is_direct, decision, consent_id, :now
       from outreach.recipient where send_id = :from order by id limit :most`,
      { id, from, most, now },
    );
    return id;
  });
}

const telephones = [
  `insert into people.phone_number (person_id, number, hash, line, created_at)
   select id, number, people.keyed_hash('phone', number), 'mobile', :started
   from (select id, '+336' || lpad(id::text, 8, '0') as number from people.person) known`,
  `insert into people.consent (organization_id, person_id, channel, purpose, given, locale, source, at, digest)
   select ${party}, id, 'sms', 'newsletter', true, 'fr', 'website.sign-up', :started, sha256(id::text::bytea)
   from people.person`,
];
