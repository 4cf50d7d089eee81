// Who each value of a person came from: the law asks for it before anybody is chosen by it, and the person may ask too.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Actor, Scope } from 'rostra/plugin';
import { makeApp } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { readCard, saveCard } from './edit.ts';
import { runImport, startImport } from './import.ts';
import type { PersonFields } from './index.ts';
import { makePeople } from './person.ts';
import { findOrigins } from './provenance.sql.ts';
import { erasePerson, mergePeople } from './rights.ts';
import { stageFile } from './stage.ts';
import { tagPeople } from './tag.ts';

type App = Awaited<ReturnType<typeof makeApp>>;
const hour = 3_600_000;
const step = new URL('../../migrations/people/0082_provenance.ts', import.meta.url).href;

async function scene(t: ExecutionContext) {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const deps = depsOf(app.get('people'));
  const people = makePeople(deps);
  const scope = app.scope();
  /** Each some time after the last. */
  const upsert = async (fields: PersonFields, own: Scope = scope) => {
    app.clock.set(new Date(app.clock.now().getTime() + hour));
    return (await people.upsert(own, fields)).id;
  };
  return { app, deps, scope, upsert };
}

async function takeIn(app: App, own: Scope, content: string, fields: string[], origin = 'fair') {
  app.clock.set(new Date(app.clock.now().getTime() + hour));
  const path = join(mkdtempSync(join(tmpdir(), 'rostra-csv-')), 'list.csv');
  writeFileSync(path, content);
  const id = await stageFile(own, { path, name: 'list.csv' });
  const deps = depsOf(app.get('people'));
  await startImport(own, deps, id, { fields, origin });
  await runImport(own, deps, id);
}

/** Such as `givenName: person website.sign-up`. */
async function toldOf(scope: Scope, id: string): Promise<string[]> {
  return (await findOrigins(scope, id)).map(({ field, value, kind, reference, list, isMerged }) =>
    [`${field}=${value}:`, kind, list ?? reference, isMerged && 'merged'].filter(Boolean).join(' '),
  );
}

async function edit(
  s: Awaited<ReturnType<typeof scene>>,
  id: string,
  change: object,
  isTold?: boolean,
) {
  const found = await readCard(s.scope, id);
  if (!found) throw new Error('nobody is there');
  const card = { ...found.card, ...change };
  const saved = await saveCard(s.scope, s.deps, id, {
    version: found.person.version,
    card,
    isTold,
  });
  if (!saved.saved) throw new Error('somebody else saved');
}

test.serial('what the person, staff, a list and another plugin gave is told apart', async (t) => {
  const s = await scene(t);
  const emailAddress = 'ana@example.org';
  const id = await s.upsert({ emailAddress, givenName: 'Ana', source: 'website.sign-up' });
  await s.upsert({
    ...{ emailAddress, givenName: 'Anna', familyName: 'Dupont', phoneNumber: '0612345678' },
    ...{ postalAddress: { locality: 'Lyon' }, tags: ['choir'], source: 'example.hook' },
  });
  await takeIn(
    ...([
      s.app,
      s.scope,
      `email,born,tags,phone\n${emailAddress},1980-02-03,fair,0612345679\n`,
    ] as const),
    ['emailAddress', 'birthDate', 'tags', 'phoneNumber'],
  );
  const sam: Actor = { kind: 'staff', accountId: '1', name: 'Sam', permissions: new Set() };
  await tagPeople(s.app.scope(s.scope.organization.id, sam), s.deps, [id], 'Friend');
  await edit(s, id, { familyName: 'Durand', relation: 'member' });
  t.deepEqual(await toldOf(s.scope, id), [
    'givenName=Ana: person website.sign-up',
    'familyName=Durand: staff',
    'birthDate=1980-02-03: import fair',
    'emailAddress=ana@example.org: person website.sign-up',
    'phoneNumber=+33612345678: plugin example.hook',
    'phoneNumber=+33612345679: import fair',
    'postalAddress=Lyon: plugin example.hook',
    'relation=member: staff',
    'tag=choir: plugin example.hook',
    'tag=fair: import fair',
    'tag=Friend: staff',
  ]);
  const times = (await findOrigins(s.scope, id)).map(({ at }) => at.getTime());
  t.is(new Set(times).size, 3, 'and since when: edited and tagged at the time of the list');
});

test.serial('what the person says after a list or staff did is from the person too', async (t) => {
  const s = await scene(t);
  await takeIn(s.app, s.scope, 'email,name,first\nbo@example.org,Roy,Bo\n', [
    ...['emailAddress', 'familyName', 'givenName'],
  ]);
  const said = { emailAddress: 'bo@example.org', givenName: 'Bo', familyName: 'Le Roy' };
  const id = await s.upsert({ ...said, source: 'example.hook' });
  t.deepEqual(
    await toldOf(s.scope, id),
    ['givenName=Bo', 'familyName=Roy', 'emailAddress=bo@example.org'].map(
      (one) => `${one}: import fair`,
    ),
    'another plugin’s word makes nobody’s own',
  );
  await s.upsert({ ...said, source: 'website.sign-up' });
  t.deepEqual(await toldOf(s.scope, id), [
    'givenName=Bo: person website.sign-up',
    'familyName=Roy: import fair',
    'emailAddress=bo@example.org: person website.sign-up',
  ]);
});

test.serial(
  'a list that brings somebody new writes no row for it, and is named to those whose list it is',
  async (t) => {
    const s = await scene(t);
    const [lyon, lille] = [await s.app.chapter('Lyon'), await s.app.chapter('Lille')];
    const [ours, sisters] = [s.app.scope(lyon), s.app.scope(lille)];
    await takeIn(s.app, ours, 'email\nbo@example.org\n', ['emailAddress'], 'market of Lyon');
    const { rows } = await s.app.house.database.db.raw('select from people.provenance');
    t.is(rows.length, 0);
    const id = await s.upsert({ emailAddress: 'bo@example.org', source: 'staff' }, sisters);
    t.deepEqual(await toldOf(ours, id), ['emailAddress=bo@example.org: import market of Lyon']);
    t.regex((await toldOf(sisters, id)).join(), /^emailAddress=bo@example.org: import \d+$/);
    const other = await s.upsert({ emailAddress: 'cy@example.org', source: 'staff' }, ours);
    t.deepEqual(await toldOf(sisters, other), [], 'of whom it does not see, it hears nothing');
  },
);

test.serial('of two records that become one, each value keeps who it came from', async (t) => {
  const s = await scene(t);
  const phoneNumber = '0612345678';
  const from = await s.upsert({
    ...{ emailAddress: 'a@example.org', givenName: 'Ana', familyName: 'Roy', phoneNumber },
    ...{ birthDate: '1980-02-03', tags: ['x', 'y'], source: 'website.sign-up' },
  });
  await edit(s, from, { birthDate: '1980-02-04' });
  const into = await s.upsert({
    ...{ emailAddress: 'b@example.org', givenName: 'Anna', phoneNumber, tags: ['x'] },
    source: 'staff',
  });
  await mergePeople(s.scope, s.deps, from, into);
  t.deepEqual((await toldOf(s.scope, into)).sort(), [
    'birthDate=1980-02-04: staff merged',
    'emailAddress=a@example.org: person website.sign-up merged',
    'emailAddress=b@example.org: staff',
    'familyName=Roy: person website.sign-up merged',
    'givenName=Anna: staff',
    'phoneNumber=+33612345678: staff',
    'tag=x: staff',
    'tag=y: person website.sign-up merged',
  ]);
});

test.serial(
  'a value keeps its origin when another is put first, and loses it when it goes',
  async (t) => {
    const s = await scene(t);
    const fields = { emailAddress: 'a@example.org', phoneNumber: '0612345678' };
    const id = await s.upsert({ ...fields, source: 'website.sign-up' });
    await edit(s, id, { phoneNumbers: ['+33612345678', '+33612345679'], givenName: 'Ana' });
    await edit(s, id, { phoneNumbers: ['+33612345679', '+33612345678'] });
    await edit(s, id, { familyName: 'Roy' }, true);
    t.deepEqual(await toldOf(s.scope, id), [
      'givenName=Ana: staff',
      'familyName=Roy: person told',
      'emailAddress=a@example.org: person website.sign-up',
      'phoneNumber=+33612345679: staff',
      'phoneNumber=+33612345678: person website.sign-up',
    ]);
    await edit(s, id, { phoneNumbers: ['+33612345678'], givenName: '' });
    const { rows } = await s.app.house.database.db.raw('select field from people.provenance');
    t.deepEqual(rows, [{ field: 'familyName' }], 'nothing stands for what is no more');
  },
);

test.serial('staff see it folded on the profile, and say when the person told them', async (t) => {
  const s = await scene(t);
  const id = await s.upsert({ emailAddress: 'a@example.org', source: 'website.sign-up' });
  const staff = await s.app.staff('organiser');
  const form = { emailAddress: 'a@example.org', givenName: 'Ana', version: '1' };
  t.is((await staff.post(`/admin/people/${id}/edit`, { ...form, told: 'true' })).status, 303);
  const { body } = await staff.get(`/admin/people/${id}`);
  t.regex(body, /<summary>Where each of these comes from/);
  t.regex(body, /From the person: told to staff/);
  t.regex(body, /From the person: the sign-up form on the site/);
  const again = { ...form, emailAddress: 'nothing', told: 'true' };
  const refused = await staff.post(`/admin/people/${id}/edit`, again);
  t.is(refused.status, 422);
  t.regex(refused.body, /name="told" value="true" checked/, 'what was ticked stays ticked');
});

test.serial(
  'the person’s own copy tells it of each value, and an erasure leaves none',
  async (t) => {
    const s = await scene(t);
    const id = await s.upsert({ emailAddress: 'a@example.org', source: 'website.sign-up' });
    await takeIn(s.app, s.scope, 'email,first\na@example.org,Ana\n', ['emailAddress', 'givenName']);
    const told: unknown[] = [];
    for await (const { table, row } of s.deps.subjects.export(s.scope, id)) {
      if (table === 'people.provenance') told.push([row['value'], row['came_from'], row['source']]);
    }
    t.deepEqual(told, [
      ['Ana', 'import', 'fair'],
      ['a@example.org', 'person', 'website.sign-up'],
    ]);
    await erasePerson(s.scope, s.deps, id, { suppress: false });
    t.is((await s.app.house.database.db.raw('select from people.provenance')).rows.length, 0);
  },
);

test.serial(
  'of before it was kept, what can be told is told, and the rest is unknown',
  async (t) => {
    const s = await scene(t);
    const { db } = s.app.house.database;
    const id = await s.upsert({ emailAddress: 'a@example.org', source: 'website.sign-up' });
    const table = ['email,first,phone\na@example.org,Ana,0612345679\n', 'emailAddress'] as const;
    await takeIn(s.app, s.scope, table[0], [table[1], 'givenName', 'phoneNumber']);
    await s.upsert({ emailAddress: 'a@example.org', relation: 'member', source: 'example.hook' });
    s.app.clock.set(new Date(s.app.clock.now().getTime() + hour));
    await edit(s, id, { familyName: 'Roy', emailAddresses: ['a@example.org', 'b@example.org'] });
    const { down, up } = await import(step);
    await down(db);
    await up(db);
    t.deepEqual(await toldOf(s.scope, id), [
      'givenName=Ana: unknown',
      'familyName=Roy: staff',
      'emailAddress=a@example.org: person website.sign-up',
      'emailAddress=b@example.org: staff',
      'phoneNumber=+33612345679: import',
      'relation=member: unknown',
    ]);
  },
);
