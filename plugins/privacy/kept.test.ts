// What a law wants kept of somebody who was erased: sealed, opened with a reason, gone on its day.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { makeApp } from 'rostra/testing';
import { askLink, personOf, requestsOf } from './fixture.ts';

const plugin = `
import { SealedStore } from ${JSON.stringify('rostra/privacy')};
export default {
  contribute(get) {
    const store = get(SealedStore);
    return {
      subject: {
        async *export() {},
        async merge() {},
        async erase(scope, personId) {
          const { rows } = await scope.db.raw('delete from gifts.gift where person_id = :personId returning receipt, name', { personId });
          for (const record of rows) await store.keep(scope, { personId, plugin: 'gifts', title: 'gifts.receipt', why: 'retention.tax_receipt', until: '2032-12-31', record });
          return { done: true };
        },
      },
    };
  },
};
`;
const tables = `
export async function up(db) {
  await db.raw(\`create table gifts.gift (person_id bigint not null references people.person on delete restrict, receipt text, name text);
    select core.secure('gifts.gift', 'false')\`);
}
export async function down(db) { await db.raw('drop table gifts.gift'); }
`;

function gifts(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'rostra-gifts-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const practice = {
    data: 'user',
    purpose: 'gifts.x',
    basis: 'legal_obligation',
    source: 'person',
  };
  const manifest = {
    ...{ id: 'gifts', version: '1.0.0', core: '^1.0.0', requires: ['people', 'privacy'] },
    dataPractices: [{ ...practice, keep: 'P6Y', tables: ['gifts.gift'], processors: [] }],
  };
  mkdirSync(join(folder, 'migrations'));
  writeFileSync(join(folder, 'package.json'), '{"name":"gifts","type":"module"}');
  writeFileSync(join(folder, 'plugin.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'plugin.ts'), plugin);
  writeFileSync(join(folder, 'migrations', '0001_gift.ts'), tables);
  return folder;
}

test('a receipt outlives an erasure under seal, is opened with a reason, and goes on its day', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr', plugins: [gifts(t)] });
  const { db } = app.house.database;
  const id = await personOf(app, 'ana@example.org', { givenName: 'Ana' });
  await db.raw(`insert into gifts.gift values (:id, 'R-2026-17', 'Ana Dupont')`, { id });
  await app.visitor().post(`${await askLink(app, 'ana@example.org')}/erase`, { sure: 'true' });
  await app.drain();
  t.like((await requestsOf(app))[0], { state: 'done', outcome: 'erased' });
  const { rows } = await db.raw('select one::text as row from privacy.kept one');
  t.is(rows.length, 1);
  t.notRegex(rows[0].row, /Dupont|R-2026-17|ana@/);

  const staff = await app.staff('data-protection');
  t.regex((await staff.get('/admin/privacy/kept?q=ana@example.org')).body, /kept\/1"/);
  t.notRegex((await staff.get('/admin/privacy/kept?q=bo@example.org')).body, /kept\/1"/);
  t.is((await staff.post('/admin/privacy/kept/1', { reason: '' })).status, 422);
  const opened = await staff.post('/admin/privacy/kept/1', {
    reason: 'Tax office, letter of 3 March',
  });
  t.regex(opened.body, /Ana Dupont/);
  t.regex(opened.body, /R-2026-17/);
  t.regex((await staff.get('/admin/audit')).body, /Opened what the law keeps/);
  t.is((await (await app.staff('organiser')).get('/admin/privacy/kept')).status, 403);
  const lyon = await app.chapter('Lyon');
  const local = await app.staff('data-protection', lyon);
  t.notRegex((await local.get('/admin/@lyon/privacy/kept')).body, /kept\/1"/);
  t.is((await local.post('/admin/@lyon/privacy/kept/1', { reason: 'x' })).status, 404);

  const rights = app.house.registry.find('privacy')?.contributions.subject;
  app.clock.set('2032-12-31T12:00:00Z');
  await rights?.forget?.(app.scope());
  t.is((await db.raw('select from privacy.kept')).rows.length, 1);
  app.clock.set('2033-01-01T12:00:00Z');
  await rights?.forget?.(app.scope());
  t.is((await db.raw('select from privacy.kept')).rows.length, 0);
});
