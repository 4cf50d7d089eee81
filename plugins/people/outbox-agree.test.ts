// What staff are told of whether somebody may be written to, and what becomes of the message, is the same for everybody.
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import type { Scope } from 'rostra/plugin';
import { type App, makeApp, startMailSink } from 'rostra/testing';
import { contactabilityOf, type Known, knownOf } from './contact.ts';
import { sentenceOf } from './contact-words.ts';
import { fill, type Somebody, somebody } from './crowd/fixture.ts';
import { findPeople } from './person.sql.ts';

const count = 400;
/** Another one: `ROSTRA_SEED=7 npm test -- plugins/people/outbox-agree.test.ts`. */
const seed = Number(process.env['ROSTRA_SEED'] ?? 20_261_129);
/** Half of them have much that speaks for writing to them: else hardly anybody would be. */
const friend = fc
  .tuple(somebody, fc.subarray(['newsletter', 'campaign', 'targeting'], { minLength: 1 }))
  .map(
    ([one, agreed]): Somebody => ({
      ...one,
      source: 'website.sign-up',
      emails: [{ state: 'ok', stop: null, origin: null }, ...one.emails],
      letter: 'here',
      relation: 'member',
      consents: [
        ...one.consents,
        ...agreed.map((purpose) => ({
          channel: purpose === 'targeting' ? 'targeting' : 'email',
          ...{ purpose, given: true, evidence: { confirmedAt: 'then' }, isChapters: false },
        })),
      ],
    }),
  );
const purposes = ['newsletter', 'campaign', 'targeting'] as const;

for (const jurisdiction of ['fr', 'us', 'gb']) {
  test.serial(
    `whom the outbox writes to is whom staff are told may be, under ${jurisdiction}`,
    (t) => agree(t, jurisdiction),
  );
}

async function agree(t: ExecutionContext, jurisdiction: string): Promise<void> {
  t.timeout(15 * 60_000);
  const sink = await startMailSink(t);
  const app = await makeApp(t, { jurisdiction, smtpUrl: sink.url });
  await fill(app, await app.chapter('Lyon'), crowd());
  await letManyLeave(app);
  const scope = app.scope();
  const told = await scope.write((own) => handAll(app, own));
  await oneRun(app);
  await app.drain();
  const ends = await endsOf(app);
  for (const { id, who, may, why, sentence } of told) {
    const { state, answer } = ends.get(id) ?? {};
    const told = may ? { state: 'accepted' } : { state: 'refused', answer: sentence };
    const found = may ? { state } : { state, answer };
    t.deepEqual(found, told, `${why}: seed ${seed}, ${jurisdiction}, ${who}`);
  }
  const accepted = told.filter(({ may }) => may);
  t.deepEqual(sink.readers.toSorted(), accepted.map(({ to }) => to).toSorted());
  t.true(accepted.length > 50, `${accepted.length} of ${told.length}`);
  t.true(new Set(told.map(({ why }) => why)).size > 5);
}

const crowd = (): Somebody[] =>
  [somebody, friend].flatMap((kind) => fc.sample(kind, { numRuns: count / 2, seed }));

/** A message to each for each purpose, as a plugin that sends to many hands it over, whatever is known of them. */
async function handAll(app: App, scope: Scope) {
  const mail = app.house.mail('people');
  const told = [];
  const ids = Array.from({ length: count }, (_, index) => String(index + 1));
  for (const person of await findPeople(scope, ids)) {
    const known = await knownOf(scope, person);
    const to = addressOf(known);
    for (const { act, ...answer } of contactabilityOf(scope, known)) {
      const purpose = purposes.find((one) => act.channel === 'email' && act.purpose === one);
      if (!purpose) continue;
      if (!to) {
        if (answer.may) throw new Error(`${person.id} has no address and may be written to`);
        continue;
      }
      const message = { to, view: 'mail/test', data: {}, personId: person.id, purpose, bulk: true };
      const sentence = sentenceOf(scope, { ...answer, hours: undefined });
      const { why, may } = answer;
      const id = await mail.send(scope, message);
      told.push({ id, who: `person ${person.id}, ${purpose}`, to, why, may, sentence });
    }
  }
  return told;
}

/** The first that mail gets to, or else any. */
function addressOf({ contacts }: Known): string | undefined {
  const emails = contacts.filter(({ kind }) => kind === 'email');
  const isUsable = ({ status, isSuppressed }: (typeof emails)[number]) =>
    status === 'ok' && !isSuppressed;
  return (emails.find(isUsable) ?? emails[0])?.address;
}

/** Each message asks for a run of the outbox; the first sends them all, and the others would only look. */
async function oneRun(app: App): Promise<void> {
  await app.house.database.db.raw(
    `delete from graphile_worker._private_jobs job using graphile_worker._private_jobs first
     where first.task_id = job.task_id and first.id < job.id`,
  );
}

/** A sender whom receivers know. */
async function letManyLeave(app: App): Promise<void> {
  await app.house.database.db.raw(
    `insert into core.mail_day (domain, day, sent) values ('example.org', '2026-11-23', 100000)`,
  );
}

async function endsOf(app: App): Promise<Map<string, { state: string; answer: string }>> {
  const { rows } = await app.house.database.db.raw('select id, state, answer from core.outbox');
  return new Map(rows.map((row: { id: string; state: string; answer: string }) => [row.id, row]));
}
