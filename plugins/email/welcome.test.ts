// The letter that who subscribes gets first: once, lawfully, with its way out, and to nobody who left meanwhile.
import test from 'ava';
import { Consents, People } from 'rostra/people';
import { sisterFaults } from 'rostra/testing';
import { type Scene, scene as sceneOf } from './fixture.ts';
import * as sql from './welcome.sql.ts';
import { sendWelcomes, welcome } from './welcome.ts';

const home = '/admin/email/welcome';

/** One server for those tests that no election concerns: they take turns. */
let shared: ReturnType<typeof scene>;
const ends: (() => unknown)[] = [];
test.before(() => {
  shared = scene({ teardown: (end) => void ends.push(end) });
});
test.after.always(async () => {
  for (const end of ends.reverse()) await end();
});

async function scene(t: Parameters<typeof sceneOf>[0], more: { now?: string } = {}) {
  const s = await sceneOf(t, { count: 0, ...more });
  const at = `${home}/${s.newsletter.id}`;
  const write = (subject: string, version = '0', text = 'Bonjour {{prénom|à vous}}, [lisez](/).') =>
    s.staff.post(at, {
      ...{ subject, preheader: '', version, do: 'save' },
      ...{ kind: 'paragraph', text, href: '', picture: '' },
    });
  const turn = (on: 'yes' | 'no') => s.staff.post(`${at}/turn`, { on });
  const visitor = s.app.visitor();
  const ask = async (email: string, givenName = 'Noor') => {
    await visitor.post('/rejoindre', { email, givenName, emailConsent: 'true' });
    const found = await s.scope.db.raw(
      `select html from core.outbox where to_address = :email and view like '%confirm%' order by id desc limit 1`,
      { email },
    );
    return `/confirm/${/\/confirm\/([\w-]+)/.exec(found.rows[0].html)?.[1]}`;
  };
  const subscribe = async (email: string, givenName?: string) => {
    const confirm = await ask(email, givenName);
    await visitor.post(confirm, {});
    await s.app.drain();
    return confirm;
  };
  const welcomed = () => s.taken.filter(({ subject }) => subject?.startsWith('Bienvenue'));
  const idOf = async (email: string): Promise<string> => {
    const found = await s.scope.db('people.email_address').where({ address: email }).first();
    return String(found.person_id);
  };
  return { ...s, at, write, turn, visitor, subscribe, welcomed, idOf };
}

/** Who agreed to be written to, at these addresses. */
async function readersOf(
  { app, scope }: Pick<Scene, 'app' | 'scope'>,
  addresses: readonly string[],
): Promise<string[]> {
  const get = app.get('email');
  const ids = [];
  for (const emailAddress of addresses) {
    const person = { emailAddress, givenName: 'Noor', source: 'website.sign-up' };
    const { id } = await get(People).upsert(scope, person);
    await get(Consents).give(scope, {
      ...{ personId: id, channel: 'email', purpose: 'newsletter', wording: 'Oui.', locale: 'fr' },
      ...{ source: 'website.sign-up', evidence: { form: '1', confirmedAt: '2026-11-01' } },
    });
    ids.push(id);
  }
  return ids;
}

test.serial(
  'it is off until it is written and turned on, then goes once to who confirms, with its way out',
  async (t) => {
    const s = await shared;
    await s.subscribe('avant@example.org');
    t.is((await s.turn('yes')).location, s.at, 'there is nothing to turn on yet');
    t.is((await s.write('', '0')).status, 422);
    t.is((await s.write('Bienvenue {{prénom|parmi nous}}')).status, 303);
    await s.subscribe('ecrite@example.org');
    t.deepEqual(s.welcomed(), []);
    t.is((await s.turn('yes')).location, home);
    const organization_id = s.scope.organization.id;
    const own = { name: 'Notre lettre', reply_to: 'courrier@example.org', address: '' };
    const ofLetter = { ...own, newsletter_id: s.newsletter.id, organization_id };
    await s.scope.db('email.sender').insert(ofLetter);
    const confirm = await s.subscribe('noor@example.org');
    await s.visitor.post(confirm, {});
    await s.subscribe('noor@example.org');
    await s.app.drain();
    const [letter, ...more] = s.welcomed();
    t.deepEqual(more, [], 'once, however often it is asked for');
    t.is(letter?.subject, 'Bienvenue Noor');
    t.is(letter?.from?.value[0]?.name, 'Notre lettre');
    t.is(letter?.replyTo?.text, 'courrier@example.org');
    t.regex(letter?.text ?? '', /Bonjour Noor[\s\S]*Parti de l’Exemple/);
    const list = letter?.headers.get('list') as
      | Record<string, { url?: string; id?: string }>
      | undefined;
    const stop = list?.['unsubscribe']?.url ?? '';
    t.regex(stop, /\/unsubscribe\/./);
    t.truthy(list?.['id']);
    t.true(letter?.text?.includes(stop), 'the same link stands in the letter');
    const { pathname } = new URL(stop);
    const oneClick = { 'List-Unsubscribe': 'One-Click' };
    t.is((await s.app.visitor().post(pathname, oneClick)).status, 200);
    t.deepEqual(await s.deps.newsletters.of(s.scope, await s.idOf('noor@example.org')), []);
  },
);

test('an election’s silence holds it back, and who left meanwhile gets none when it is over', async (t) => {
  const s = await scene(t, { now: '2027-04-09T20:00:00Z' });
  const official = await s.app.staff('data-protection');
  await official.post('/admin/elections/new', {
    ...{ name: 'Présidentielle', kind: 'presidential', constituency: 'France', country: 'FR' },
    ...{ timeZone: 'Europe/Paris', day1: '2027-04-11', closes1: '20:00' },
  });
  await s.write('Bienvenue');
  await s.turn('yes');
  s.app.clock.set('2027-04-10T10:00:00Z');
  await s.subscribe('reste@example.org');
  await s.subscribe('part@example.org');
  t.deepEqual(s.welcomed(), []);
  const states = async () =>
    (await s.scope.db('email.welcomed').orderBy('id')).map(({ state }) => state);
  const gone = await s.idOf('part@example.org');
  await s.deps.newsletters.unsubscribe(s.scope, gone, s.newsletter.id);
  await sendWelcomes(s.scope, s.deps);
  t.deepEqual(await states(), ['ready', 'ready']);
  s.app.clock.set('2027-04-11T20:00:00Z');
  // As each minute does.
  await sendWelcomes(s.scope, s.deps);
  await s.app.drain();
  t.deepEqual(
    s.welcomed().map(({ to }) => [to].flat()[0]?.text),
    ['reste@example.org'],
  );
  const { rows } = await s.scope.db.raw('select state, why from email.welcomed order by id');
  t.deepEqual(rows, [
    { state: 'sent', why: null },
    { state: 'skipped', why: 'not-subscribed' },
  ]);
});

test.serial(
  'two who write it at once do not overwrite each other, and nothing typed is lost',
  async (t) => {
    const s = await shared;
    const late = await s.write('Bienvenue à tous', '0');
    t.is(late.status, 422);
    t.regex(late.body, /value="Bienvenue à tous"/);
    t.is((await s.write('Bienvenue à tous', '1')).status, 303);
  },
);

test.serial(
  'who got one reads it in the copy of their data; it goes with them, and a merge sends none twice',
  async (t) => {
    const s = await shared;
    await s.subscribe('un@example.org', 'Un');
    await s.subscribe('deux@example.org', 'Deux');
    const [one, two] = [await s.idOf('un@example.org'), await s.idOf('deux@example.org')];
    await s.app.house.subjects.merge(s.app.scope(), one, two);
    const rows: string[] = [];
    for await (const { table } of s.app.house.subjects.export(s.app.scope(), two)) rows.push(table);
    t.is(rows.filter((table) => table === 'email.welcomed').length, 1);
    await s.app.house.subjects.erase(s.app.scope(), two);
    const left = await s.scope.db('email.welcomed').where({ person_id: two }).select('id');
    t.is(left.length, 0);
  },
);

test.serial(
  'who leaves while it waits in the outbox gets none, though they read another newsletter',
  async (t) => {
    const s = await shared;
    const made = await s.scope.db.raw(
      `insert into people.newsletter (organization_id, key, name, description, created_at)
       values (:id, 'autre', 'L’autre lettre', '', :now) returning id`,
      { id: s.scope.organization.id, now: s.scope.now() },
    );
    const [letter, other] = [s.newsletter.id, String(made.rows[0].id)];
    const [stays = '', leaves = ''] = await readersOf(s, ['ici@example.org', 'parti@example.org']);
    for (const id of [stays, leaves]) {
      await s.deps.newsletters.subscribe(s.scope, id, letter);
      await s.deps.newsletters.subscribe(s.scope, id, other);
      await welcome(s.scope, s.deps, { personId: id, newsletterIds: [letter] });
    }
    await s.deps.newsletters.unsubscribe(s.scope, leaves, letter);
    await s.app.drain();
    const { rows } = await s.scope.db.raw(
      'select state, answer from core.outbox where person_id in (:stays, :leaves) order by id',
      { stays, leaves },
    );
    t.like(rows[0], { state: 'accepted' });
    t.deepEqual(rows[1], {
      state: 'refused',
      answer: 'La personne n’est plus abonnée à cette lettre.',
    });
    const readers = s.welcomed().map(({ to }) => [to].flat()[0]?.text);
    t.true(readers.includes('ici@example.org'));
    t.false(readers.includes('parti@example.org'));
  },
);

test.serial('a sister chapter reads and changes nothing of the welcome letters', async (t) => {
  const s = await shared;
  const [own, sister] = [await s.app.chapter('Lyon'), await s.app.chapter('Lille')];
  const lyon = s.app.scope(own);
  const reader = await s.idOf('noor@example.org');
  const picture = { id: '5', href: '/uploads/x.png', width: 1, height: 1 };
  const content = { subject: 'x', blocks: [{ kind: 'image', text: 'x', href: '', picture }] };
  await sql.saveWelcome(lyon, '9', { content, version: 0 });
  await sql.switchWelcome(lyon, '9', true);
  await sql.askWelcomes(lyon, reader, ['9']);
  const due = await sql.lockWelcome(lyon);
  await sql.saveWelcome(lyon, '8', { content, version: 0 });
  await sql.switchWelcome(lyon, '8', true);
  await sql.askWelcomes(lyon, reader, ['8']);
  await sql.settleWelcome(lyon, due?.id ?? '');
  const second = await lyon.db('email.welcomed').where({ newsletter_id: '8' }).first('id');
  const faults = await sisterFaults(
    {
      ...{ app: s.app, own, sister, folder: import.meta.dirname, files: /^welcome/ },
      tables: ['email.welcome', 'email.welcomed'],
    },
    {
      reads: {
        findWelcomes: sql.findWelcomes,
        findWelcomedByKey: (scope) => sql.findWelcomedByKey(scope, due?.key ?? ''),
        countWelcomed: async (scope) => [...(await sql.countWelcomed(scope))],
        findWelcomesShowing: (scope) => sql.findWelcomesShowing(scope, '5'),
      },
      writes: {
        saveWelcome: (scope) => sql.saveWelcome(scope, '9', { content: {}, version: 1 }),
        switchWelcome: (scope) => sql.switchWelcome(scope, '9', false),
        settleWelcome: (scope) => sql.settleWelcome(scope, second.id, 'off'),
        dropWelcomes: sql.dropWelcomes,
      },
      unbounded: {
        askWelcomes: 'inserts',
        // A lock: no staff who only read get as far.
        lockWelcome: 'of the organization alone',
        ...{ findWelcomedOf: 'rights', deleteWelcomedOf: 'rights', moveWelcomed: 'rights' },
        deleteInventedWelcomes: 'of invented chapters, by the party alone',
      },
    },
  );
  t.deepEqual(faults, []);
});
