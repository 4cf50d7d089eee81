// Breaches of chapters: each has its own law's clock, the party reads them where they belong, a sister finds nothing.
import test from 'ava';
import { makeApp, sisterFaults } from 'rostra/testing';
import * as breach from './breach.sql.ts';
import * as named from './breach-person.sql.ts';
import { personOf } from './fixture.ts';

const facts = {
  ...{
    happenedAt: null,
    knownAt: new Date('2026-11-24T09:00:00Z'),
    what: 'The stand’s tablet is gone',
  },
  ...{ kinds: ['availability'], data: [], dataMore: null, peopleCount: null, recordCount: null },
  ...{ concerned: null, consequences: null, measures: null, risk: null },
} satisfies breach.BreachFacts;
const typed = {
  knownAt: '2026-11-24T09:00',
  what: 'The stand’s tablet is gone',
  kinds: ['availability'],
};

test('a sister chapter reads and changes no breach, and names nobody in it', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const [own, sister] = [await app.chapter('Own'), await app.chapter('Sister')];
  const scope = app.scope(own);
  const ana = await personOf(app, 'ana@example.org', { organizationId: own });
  const bo = await personOf(app, 'bo@example.org', { organizationId: own });
  const dueAt = new Date('2026-11-27T09:00:00Z');
  const id = await breach.insertBreach(scope, 'ABCD-EFGH-JKMN', { ...facts, dueAt });
  await breach.insertBreachChange(scope, id, 'recorded', []);
  await named.insertBreachPerson(scope, id, ana);
  const faults = await sisterFaults(
    {
      ...{ app, own, sister, folder: import.meta.dirname, files: /^breach/ },
      tables: ['privacy.breach', 'privacy.breach_change', 'privacy.breach_person'],
    },
    {
      reads: {
        findBreach: (scope) => breach.findBreach(scope, id),
        findBreaches: (scope) => breach.findBreaches(scope, { show: 'all', skip: 0 }, 9),
        findRegister: breach.findRegister,
        findOpenBreaches: breach.findOpenBreaches,
        countBreaches: breach.countBreaches,
        findBreachChanges: (scope) => breach.findBreachChanges(scope),
        findBreachPeople: (scope) => named.findBreachPeople(scope, id, 9),
        findBreachesOf: (scope) => named.findBreachesOf(scope, ana),
      },
      writes: {
        updateBreach: (scope) => breach.updateBreach(scope, id, { what: 'Found again' }),
        insertBreachPerson: (scope) => named.insertBreachPerson(scope, id, bo),
        deleteBreachPerson: (scope) => named.deleteBreachPerson(scope, id, ana),
      },
      unbounded: {
        insertBreach: 'inserts',
        insertBreachChange: 'of a breach that was held within the bound before',
        holdBreach: 'locks a row, which no reader may: tried below',
        findInstant: 'reckons',
        readBreachesOf: 'of one person, whose rights do not end at a chapter',
        emptyBreachesOf: 'the same',
        moveBreachesOf: 'the same',
        forgetBreachPeople: 'of the whole party, once a day',
        deleteInventedBreaches: 'of the whole party, when the demo goes',
      },
    },
  );
  t.deepEqual(faults, []);
  t.truthy(await scope.write((one) => breach.holdBreach(one, id)));
  t.is(await app.scope(sister).write((one) => breach.holdBreach(one, id)), undefined);
  t.is(await app.scope().write((one) => breach.holdBreach(one, id)), undefined, 'nor the party');
});

test('the clock of a chapter is its own law’s, and the party reads the breach at the chapter', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us' });
  const lyon = await app.chapter('Lyon', 'fr');
  const ohio = await app.chapter('Ohio');
  const local = await app.staff('data-protection', lyon);
  const page = (await local.post('/admin/@lyon/privacy/breaches/new', typed)).location ?? '';
  t.regex(page, /^\/admin\/@lyon\/privacy\/breaches\/\d+$/);
  t.regex((await local.get(page)).body, /70 hours are left/);

  const office = await app.staff('data-protection');
  const list = (await office.get('/admin/privacy/breaches')).body;
  t.regex(list, /The stand’s tablet is gone/);
  t.regex(list, /Lyon/);
  const led = await office.get(page.replace('/@lyon', ''));
  t.is(led.location, page);
  t.regex((await office.get(page)).body, /70 hours are left/);
  const change = await office.post(`${page.replace('/@lyon', '')}/close`, { sure: 'true' });
  t.is(change.status, 404, 'it is changed at the chapter alone');

  const sister = await app.staff('data-protection', ohio);
  const theirs = page.replace('lyon', 'ohio');
  t.notRegex((await sister.get('/admin/@ohio/privacy/breaches')).body, /tablet/);
  t.is((await sister.get(theirs)).status, 404);
  t.is((await sister.get(`${theirs}/notice/authority/text`)).status, 404);
  t.is((await sister.post(`${theirs}/edit`, typed)).status, 404);
  t.notRegex((await sister.post('/admin/@ohio/privacy/breaches/export', {})).body, /tablet/);
  t.regex((await local.post('/admin/@lyon/privacy/breaches/export', {})).body, /tablet/);
});

test('a chapter names only people whom it sees', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const lyon = await app.chapter('Lyon');
  const bo = await personOf(app, 'bo@example.org');
  const local = await app.staff('data-protection', lyon);
  const home = '/admin/@lyon/privacy/breaches';
  const page = (await local.post(`${home}/new`, typed)).location ?? '';
  const stranger = await local.post(`${page}/people`, { emails: 'bo@example.org' });
  t.regex(stranger.body, /Not on file here: bo@example\.org/);
  const breachId = page.split('/').at(-1) ?? '';
  t.is((await local.post(`${home}/people/${bo}`, { breach: breachId })).status, 404);
});
