import test from 'ava';
import type { Actor, Scope } from 'rostra/plugin';
import { type App, makeApp } from 'rostra/testing';
import type { ListFilters } from './list.sql.ts';
import { countList, findListIds, findListPage } from './list.sql.ts';
import { countedMost } from './list-filter.ts';
import { findUsedTags } from './tag.sql.ts';

const staff: Actor = {
  kind: 'staff',
  accountId: '1',
  name: 'Sam',
  permissions: new Set(['people.person.read']),
};

/** More than are counted, half of them known to two chapters below one. */
async function crowd(t: Parameters<typeof makeApp>[0]) {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const region = await app.chapter('Rhône');
  const [lyon, bron] = [await below(app, region, 'lyon'), await below(app, region, 'bron')];
  const { db } = app.house.database;
  const count = countedMost + 100;
  await db.raw(
    `insert into people.person (key, given_name, family_name, source, created_at, changed_at)
     select gen_random_uuid(), 'Ana', 'Martin ' || lpad(n::text, 5, '0'), 'test',
       timestamptz '2026-01-01' + n * interval '1 minute', timestamptz '2026-01-01'
     from generate_series(1, :count) as n`,
    { count },
  );
  for (const id of [lyon, bron]) {
    await db.raw(
      `insert into people.affiliation (organization_id, person_id, since)
       select :id, id, created_at from people.person where id % 2 = 0 or :id = cast(:lyon as bigint)`,
      { id, lyon },
    );
  }
  await db.raw(`insert into people.tag (name, created_at) values ('x', timestamptz '2026-01-01')`);
  await db.raw(
    `insert into people.tagging (tag_id, person_id, at) select t.id, p.id, p.created_at
     from people.tag t, people.person p where p.id % 2 = 0`,
  );
  return { app, region, lyon, bron, count };
}

async function below(app: App, parentId: string, slug: string): Promise<string> {
  return app.house.verbs.createOrganization(app.scope(parentId), { name: slug, slug });
}

test.serial('a page is the same by sorting few and by walking along many', async (t) => {
  const { app, region, lyon, bron, count } = await crowd(t);
  const names = async (scope: Scope, filters: ListFilters) => {
    const first = await findListPage(scope, filters, { size: 3 });
    const last = first.at(-1);
    const after = { key: last?.cursor ?? '', id: last?.id ?? '' };
    const next = await findListPage(scope, filters, { size: 3, after });
    const before = { key: next[0]?.cursor ?? '', id: next[0]?.id ?? '' };
    t.deepEqual(await findListPage(scope, filters, { size: 3, before }), first);
    return [...first, ...next].map((one) => one.familyName?.replace(/\D+0*/, ''));
  };
  const asStaff = <T>(organizationId: string, fn: (scope: Scope) => Promise<T>) =>
    app.house.scopes.with({ organizationId, actor: staff }, fn);
  const all = ['1', '2', '3', '4', '5', '6'];
  const even = ['2', '4', '6', '8', '10', '12'];
  for (const organizationId of [app.scope().organization.id, region, lyon]) {
    t.deepEqual(await asStaff(organizationId, (scope) => names(scope, {})), all);
    t.deepEqual(await asStaff(organizationId, (scope) => names(scope, { q: 'martin' })), all);
    t.deepEqual(await asStaff(organizationId, (scope) => names(scope, { tag: '1' })), even);
    t.deepEqual(await names(app.scope(organizationId), { q: 'ana mart' }), all);
    const newest = await asStaff(organizationId, (scope) => names(scope, { sort: 'newest' }));
    t.is(newest[0], String(count));
  }
  t.deepEqual(await asStaff(bron, (scope) => names(scope, { q: 'martin' })), even);
  const page = (q: string) => asStaff(bron, (scope) => findListPage(scope, { q }, { size: 3 }));
  t.deepEqual(
    (await page('1234')).map(({ id }) => id),
    ['1234'],
    'a word that one has',
  );
  t.deepEqual(await page('1235'), [], 'or one whom a sister alone sees');
});

test.serial(
  'a tag that one person of a chapter has is offered to it, and a sister’s is not',
  async (t) => {
    const { app, region, lyon, bron, count } = await crowd(t);
    const { db } = app.house.database;
    for (const personId of [count, count - 1]) {
      await db.raw(
        `with tag as (
         insert into people.tag (name, created_at) values ('only ' || :personId, timestamptz '2026-01-01') returning id)
       insert into people.tagging (tag_id, person_id, at)
       select id, :personId, timestamptz '2026-01-01' from tag`,
        { personId },
      );
    }
    const tags = (organizationId: string) =>
      app.house.scopes.with({ organizationId, actor: staff }, async (scope) =>
        (await findUsedTags(scope, 10)).map(({ name }) => name),
      );
    const [odd, even] = [`only ${count - 1}`, `only ${count}`];
    t.deepEqual(await tags(bron), [even, 'x']);
    for (const id of [lyon, region]) t.deepEqual(await tags(id), [odd, even, 'x']);
  },
);

test.serial('no more are counted than a screen tells, and each once', async (t) => {
  const { app, region, bron, count } = await crowd(t);
  const found = async (scope: Scope, filters: ListFilters) =>
    (await findListPage(scope, filters, { size: 1 }))[0]?.found;
  t.is(await found(app.scope(), {}), countedMost + 1);
  t.is(await found(app.scope(), { q: 'martin' }), countedMost + 1);
  t.is(await found(app.scope(region), {}), countedMost + 1);
  t.is(await found(app.scope(region), { tag: '1' }), count / 2);
  t.is(await found(app.scope(bron), { q: 'ana' }), count / 2);
  t.is(await countList(app.scope(), {}, 10), 10);
  const organiser = await app.staff('organiser');
  t.regex((await organiser.get('/admin/people')).body, /More than 2,000 people/);
});

test.serial('who said yes and then no is not among those who agreed', async (t) => {
  const { app } = await crowd(t);
  const { db } = app.house.database;
  const say = (personId: number, purpose: string, given: boolean) =>
    db.raw(
      `insert into people.consent (organization_id, person_id, channel, purpose, given, locale, source, at, digest)
       values (:organization, :personId, 'email', :purpose, :given, 'fr', 'test', timestamptz '2026-01-01', '')`,
      { organization: app.scope().organization.id, personId, purpose, given },
    );
  await say(1, 'newsletter', true);
  await say(2, 'newsletter', true);
  await say(2, 'newsletter', false);
  await say(3, 'newsletter', false);
  await say(3, 'campaign', true);
  await say(3, 'newsletter', true);
  const rows = await findListPage(app.scope(), { consent: 'email' }, { size: 10 });
  t.deepEqual(
    rows.map(({ id, found }) => [id, found]),
    [
      ['1', 2],
      ['3', 2],
    ],
  );
  const agreed = () => findListIds(app.scope(), { consent: 'email' }, '0', 10);
  t.deepEqual(await agreed(), ['1', '3']);
  await db.raw(
    `insert into people.email_address (person_id, address, is_primary, created_at)
     values (1, 'gone@example.org', true, timestamptz '2026-01-01')`,
  );
  await db.raw(
    `insert into people.suppression (kind, hash, organization_id, reason, at)
     values ('email', people.keyed_hash('email', 'gone@example.org'), :organization, 'erased', timestamptz '2026-01-01')`,
    { organization: app.scope().organization.id },
  );
  const left = await findListPage(app.scope(), { consent: 'email' }, { size: 10 });
  t.deepEqual([left.map(({ id }) => id), await agreed()], [['3'], ['3']], 'a suppression beats it');
});

test.serial('a cursor that PostgreSQL cannot read is the first page', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const staff = await app.staff('organiser');
  const at = (key: unknown) => Buffer.from(JSON.stringify([key, '1'])).toString('base64url');
  for (const key of ['2026', '2026-02-30 10:00:00+00', '1 Jan 2026 (x)', 'a\0b', 'NaN', 7]) {
    for (const sort of ['newest', 'name']) {
      const { status } = await staff.get(`/admin/people?sort=${sort}&after=${at(key)}`);
      t.is(status, 200, `${key} ${sort}`);
    }
  }
});
