import test from 'ava';
import { makeApp, openBrowser } from 'rostra/testing';
import { writeFileSync } from 'node:fs';
test('perf', async (t) => {
  t.timeout(500_000);
  const app = await makeApp(t, { jurisdiction: 'fr', locale: 'fr' });
  const lyon = await app.chapter('Lyon');
  const { db } = app.house.database;
  const staff = await app.staff();
  const chap = await app.staff('organiser', lyon);
  await db.raw(`insert into people.person (key, given_name, family_name, source, created_at, changed_at)
    select gen_random_uuid(), (array['Camille','Zoé','Ali','Léa','Hugo','Inès','Jean','Maëlle','Noé','Sacha'])[1+(i*7)%10],
     (array['Dupont','Lefèvre','Martin','Bernard','Petit','Durand','Moreau','Garcia','Roux','Fournier','Girard','Bonnet'])[1+(i*13)%12] || case when i%3=0 then '' else '-' || chr(65+i%26) || chr(97+(i/26)%26) || chr(97+(i/676)%26) end,
     'import', timestamptz '2026-11-24' - (i % 700) * interval '3 hours', timestamptz '2026-11-24' from generate_series(1,200000) i`);
  await db.raw(`insert into people.email_address (person_id, address, is_primary, created_at) select id, 'p'||id||'@example.org', true, created_at from people.person`);
  await db.raw(`insert into people.phone_number (person_id, number, created_at) select id, '+336'||lpad(id::text,8,'0'), created_at from people.person where id%2=0`);
  await db.raw(`insert into people.affiliation select id, (select min(id) from core.organization), created_at from people.person`);
  await db.raw(`insert into people.affiliation (person_id, organization_id, since) select id, ?, created_at from people.person where id%20=0`, [lyon]).catch((e) => console.log(String(e)));
  await db.raw(`insert into people.relation (person_id, kind, since, created_at) select id, case when id%5=0 then 'member' else 'regular_contact' end, date '2024-05-01', created_at from people.person where id%3=0`);
  await db.raw('analyze');

  const { findListPage, countList } = await import('./list.sql.ts');
  const { countPeople, countByDay } = await import('./home.sql.ts');
  const staffActor = { kind: 'staff', accountId: '1', name: 'S', permissions: new Set<string>() } as const;
  const explain = async (scope: any, name: string, fn: (s: any) => Promise<unknown>) => {
    const raw = scope.db.raw.bind(scope.db);
    const wrapped = new Proxy(scope, { get: (target, key) => key === 'now' ? () => scope.now() : key === 'db' ? { raw: async (sql: string, b: any) => {
      const r = await raw('explain (analyze, buffers off, costs off) ' + sql, b);
      console.log('--', name); for (const row of r.rows) console.log(row['QUERY PLAN'].slice(0, 170)); return { rows: [{}] }; } } : Reflect.get(target, key) });
    await fn(wrapped);
  };
  const root = app.scope();
  await explain(root, 'list lefe', (s) => findListPage(s, { q: 'lefe' }, { size: 51 }));
  await explain(root, 'count lefe', (s) => countList(s, { q: 'lefe' }, 10001));
  await explain(root, 'consent', (s) => findListPage(s, { consent: 'email' }, { size: 51 }));
  await explain(root, 'home', (s) => countPeople(s, new Date('2026-11-17')));
  await explain(root, 'days', (s) => countByDay(s, new Date('2026-10-25')));
  await app.house.scopes.with({ organizationId: lyon, actor: staffActor as any }, async (scope) => {
    await explain(scope, 'chapter list', (s) => findListPage(s, {}, { size: 51 }));
    await explain(scope, 'chapter count', (s) => countList(s, {}, 10001));
    await explain(scope, 'chapter zz', (s) => findListPage(s, { q: 'zz' }, { size: 51 }));
  });
  t.pass();
});
