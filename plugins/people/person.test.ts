import test from 'ava';
import { makeApp } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { readCard, saveCard } from './edit.ts';
import { countList, findListPage } from './list.sql.ts';
import { makePeople } from './person.ts';
import { erasePerson, mergePeople } from './rights.ts';
import { findHistory } from './story.sql.ts';
import { findHash, insertSuppression } from './suppression.sql.ts';

test.serial('upsert finds by e-mail, fills what is empty and overwrites nothing', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const people = makePeople(depsOf(app.get('people')));
  const scope = app.scope();
  const first = await people.upsert(scope, {
    emailAddress: 'ana@example.org',
    givenName: 'Ana',
    source: 'test',
  });
  const again = await people.upsert(scope, {
    emailAddress: ' ANA@example.org ',
    givenName: 'Eve',
    familyName: 'Dupônt',
    phoneNumber: '06 12 34 56 78',
    relation: 'member',
    tags: ['Élu'],
    source: 'test',
  });
  t.true(first.isNew);
  t.deepEqual(again, { id: first.id, isNew: false });
  t.like(await people.find(scope, first.id), {
    givenName: 'Ana',
    familyName: 'Dupônt',
    phoneNumbers: ['+33612345678'],
  });
  const [found] = await findListPage(scope, { q: 'dupont 0612' }, { size: 5 });
  t.like(found, { id: first.id, relation: 'member', tags: ['Élu'] });
  t.is(await countList(scope, { q: 'nobody at all' }, 10), 0);
});

test.serial(
  'many at once make one person of each address, also when two do it together',
  async (t) => {
    const app = await makeApp(t);
    const people = makePeople(depsOf(app.get('people')));
    const fields = (n: number) => ({ emailAddress: `p${n % 50}@example.org`, source: 'test' });
    const batch = Array.from({ length: 120 }, (_, n) => fields(n));
    const results = await Promise.all([
      people.upsertMany(app.scope(), batch),
      people.upsertMany(app.scope(), [...batch].reverse()),
    ]);
    t.is(new Set(results.flat().map((one) => one.id)).size, 50);
    t.is(results.flat().filter((one) => one.isNew).length, 50);
    t.is(await countList(app.scope(), {}, 1000), 50);
  },
);

test.serial('the second of two editors is told, and nothing of the first is lost', async (t) => {
  const app = await makeApp(t);
  const deps = depsOf(app.get('people'));
  const scope = app.scope();
  const { id } = await makePeople(deps).upsert(scope, { givenName: 'Ana', source: 'test' });
  const opened = await readCard(scope, id);
  if (!opened) return t.fail();
  const version = opened.person.version;
  const first = { ...opened.card, familyName: 'Durand', emailAddresses: ['new@example.org'] };
  t.deepEqual(await saveCard(scope, deps, id, { version, card: first }), { saved: true });
  const late = await saveCard(scope, deps, id, { version, card: opened.card });
  t.like(late, { saved: false, theirs: { familyName: 'Durand' } });
  const changes = await findHistory(scope, id, 10);
  t.deepEqual(changes.map((one) => one.field).sort(), ['emailAddresses', 'familyName']);
  const people = makePeople(deps);
  const other = await people.upsert(scope, { emailAddress: 'taken@example.org', source: 'test' });
  const card = { ...first, emailAddresses: ['taken@example.org'] };
  await t.throwsAsync(saveCard(scope, deps, id, { version: version + 1, card }), {
    message: /people\.fault\.taken/,
  });
  t.is((await people.findByEmail(scope, 'taken@example.org'))?.id, other.id);
});

test.serial('two records become one, and the old id leads to the survivor', async (t) => {
  const app = await makeApp(t);
  const deps = depsOf(app.get('people'));
  const scope = app.scope();
  const people = makePeople(deps);
  const from = await people.upsert(scope, {
    emailAddress: 'a@example.org',
    phoneNumber: '+33612345678',
    tags: ['x'],
    source: 'test',
  });
  const into = await people.upsert(scope, {
    emailAddress: 'b@example.org',
    givenName: 'Bo',
    phoneNumber: '+33612345678',
    tags: ['X'],
    source: 'test',
  });
  await mergePeople(scope, deps, from.id, into.id);
  const survivor = await people.find(scope, from.id);
  t.like(survivor, { id: into.id, givenName: 'Bo', phoneNumbers: ['+33612345678'] });
  t.deepEqual(survivor?.emailAddresses.sort(), ['a@example.org', 'b@example.org']);
  await t.throwsAsync(mergePeople(scope, deps, into.id, into.id), { message: /same-person/ });
});

test.serial(
  'erasure leaves no row with the person, and no list brings back a stopped address',
  async (t) => {
    const app = await makeApp(t);
    const deps = depsOf(app.get('people'));
    const scope = app.scope();
    const people = makePeople(deps);
    const { id } = await people.upsert(scope, {
      emailAddress: 'gone@example.org',
      givenName: 'Gone',
      tags: ['x'],
      relation: 'member',
      source: 'test',
    });
    await people.note(scope, id, { kind: 'people.timeline.added', params: { source: 'test' } });
    t.is(await erasePerson(scope, deps, id, { suppress: true }), 'erased');
    t.is(await people.find(scope, id), undefined);
    const tables = await app.house.database.db.raw(
      `select table_name as name from information_schema.columns
     where table_schema = 'people' and column_name = 'person_id'`,
    );
    for (const { name } of tables.rows) {
      const left = await app.house.database.db('people.' + name).where({ person_id: id });
      t.deepEqual(left, [], name);
    }
    const back = await app.house.database.db.raw(
      `select people.is_suppressed('email', 'Gone@example.org') as yes`,
    );
    t.true(back.rows[0].yes);
    await scope.write(async (own) => {
      const hash = await findHash(own, 'email', 'gone@example.org');
      const objected = { kind: 'email', hash, personId: null, reason: 'objection' };
      await insertSuppression(own, objected);
    });
    await people.upsert(scope, { emailAddress: 'gone@example.org', source: 'test' });
    t.is(
      await erasePerson(scope, deps, id, { suppress: true }).catch((e) => e.code),
      'core.not-found',
    );
  },
);
