// A chapter's ledger stands by itself; what is altered, moved or cut off is found, and whose it is is said.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { makeApp } from 'rostra/testing';
import { makeConsents } from './consent.ts';
import { seal, verifyChains } from './consent-chain.ts';
import { ledgerCommand } from './consent-ledger.ts';
import { depsOf } from './deps.ts';
import { makePeople } from './person.ts';
import { erasePerson } from './rights.ts';

type App = Awaited<ReturnType<typeof makeApp>>;
const step = new URL('../../migrations/people/0080_consent_chain.ts', import.meta.url).href;

/** The party and two chapters, whose people agree in turn. */
async function scene(t: ExecutionContext) {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const deps = depsOf(app.get('people'));
  const [lyon, lille] = [await app.chapter('Lyon'), await app.chapter('Lille')];
  const scopes = [app.scope(lyon), app.scope(), app.scope(lille)];
  let made = 0;
  const agree = async (rounds: number) => {
    const ids: string[] = [];
    for (const scope of Array.from({ length: rounds }).flatMap(() => scopes)) {
      made += 1;
      const fields = { emailAddress: `${made}@b.example`, source: 'test' };
      const { id } = await makePeople(deps).upsert(scope, fields);
      const said = { personId: id, channel: 'email', purpose: 'campaign', locale: 'fr' };
      const proof = { wording: 'Oui', source: 'test', evidence: { form: String(made) } };
      await makeConsents(deps).give(scope, { ...said, ...proof });
      ids.push(id);
    }
    return ids;
  };
  return { app, deps, agree, lyon, lille, scope: app.scope() };
}

/** As somebody with the rights of the database's owner could. */
async function forge(app: App, sql: string): Promise<void> {
  await app.house.database.db.transaction(async (db) => {
    await db.raw('set local session_replication_role = replica');
    await db.raw(sql);
  });
}

interface Row {
  organization_id: string;
  chain: string;
  position: string;
  hash: Buffer;
  at: Date;
  digest: Buffer;
  [part: string]: unknown;
}

/** Written from the decision record, not from the code. */
function nextHash(previous: Buffer, row: Row): Buffer {
  const { id, organization_id, channel, purpose, given, locale, source, at, digest } = row;
  const words = [id, organization_id, channel, purpose, given, locale, source].map(String);
  const text = JSON.stringify([...words, at.toISOString(), digest.toString('hex')]);
  return createHash('sha256')
    .update(Buffer.concat([previous, Buffer.from(text)]))
    .digest();
}

const rowsOf = async (app: App, where = 'true'): Promise<Row[]> =>
  (await app.house.database.db.raw(`select * from people.consent where ${where} order by id`)).rows;

test.serial('chapters that write in turn have a chain each, which needs no other', async (t) => {
  const { app, agree, lyon, lille, scope } = await scene(t);
  await agree(2);
  t.is(await seal(scope), 6);
  await agree(1);
  t.is(await seal(scope), 3);
  t.deepEqual(await verifyChains(scope), []);
  for (const organization of [scope.organization.id, lyon, lille]) {
    const rows = await rowsOf(app, `organization_id = ${organization}`);
    t.deepEqual(
      rows.map(({ chain, position }) => [chain, position]),
      ['1', '2', '3'].map((position) => [organization, position]),
    );
    rows.reduce((previous: Buffer, row) => {
      t.deepEqual(nextHash(previous, row), row.hash);
      return row.hash;
    }, Buffer.alloc(32));
  }
});

test.serial(
  'a byte altered in one chapter’s chain is found, and the chapter is named',
  async (t) => {
    const { app, deps, agree, lyon, lille, scope } = await scene(t);
    const ids = await agree(3);
    await seal(scope);
    await erasePerson(scope, deps, ids[3] ?? '', { suppress: false });
    t.deepEqual(await verifyChains(scope), [], 'an erasure is no fault');
    await forge(
      app,
      `update people.consent set purpose = 'campaigN' where chain = ${lyon} and position = 2`,
    );
    const faults = await verifyChains(scope);
    t.is(faults.length, 1);
    t.regex(faults[0] ?? '', /Lyon .*place 2/);
    t.deepEqual(await verifyChains(app.scope(lyon)), faults);
    t.deepEqual(await verifyChains(app.scope(lille)), [], 'a sister chapter’s stands by itself');
  },
);

test.serial('a consent moved to another organization is missed and does not fit', async (t) => {
  const { app, agree, lyon, lille, scope } = await scene(t);
  await agree(2);
  await seal(scope);
  const move = (set: string) =>
    forge(app, `update people.consent set ${set} where chain = ${lyon} and position = 2`);
  await t.throwsAsync(move(`organization_id = ${lille}`), { message: /consent_own_chain/ });
  await move(`organization_id = ${lille}, chain = ${lille}, position = 3`);
  const faults = await verifyChains(scope);
  t.true(faults.some((fault) => /Lille .*place 3/.test(fault)));
  t.true(faults.some((fault) => /Lyon .*place 2/.test(fault)));
});

test.serial('what is cut off at the end of a chain is missed', async (t) => {
  const { app, agree, lyon, lille, scope } = await scene(t);
  await agree(2);
  await seal(scope);
  await forge(app, `delete from people.consent where chain = ${lyon} and position = 2`);
  t.deepEqual((await verifyChains(scope)).length, 1);
  t.regex((await verifyChains(scope))[0] ?? '', /Lyon .*place 2/);
  await forge(app, `delete from people.consent where chain = ${lille}`);
  t.regex((await verifyChains(scope)).join(), /Lille .*place 1/, 'and a whole chain');
});

test.serial('the database itself lets nobody write a chain back', async (t) => {
  const { app, agree, scope } = await scene(t);
  await agree(1);
  await seal(scope);
  const { db } = app.house.database;
  const message = /append-only|only goes on/;
  await t.throwsAsync(db.raw('update people.consent set chain = 0'), { message });
  await t.throwsAsync(db.raw('update people.consent_chain set position = 0'), { message });
  await t.throwsAsync(db.raw('delete from people.consent_chain'), { message });
  await t.throwsAsync(db.raw('truncate people.consent_chain'), { message });
});

test.serial(
  'what was sealed in one chain stays as it is, and each chain goes on from its end',
  async (t) => {
    const { app, agree, lyon, lille, scope } = await scene(t);
    const { db } = app.house.database;
    const { down, up } = await import(step);
    await down(db);
    await agree(2);
    let hash: Buffer = Buffer.alloc(32);
    for (const [index, row] of (await rowsOf(app)).entries()) {
      hash = nextHash(hash, row);
      const { id } = row as { id?: string };
      await db.raw(
        'update people.consent set position = ?, hash = ?, sealed_at = now() where id = ?',
        [...[index + 1, hash, id ?? '']],
      );
    }
    await agree(1);
    const before = await rowsOf(app, 'position is not null');
    await up(db);
    t.deepEqual(
      await rowsOf(app, 'position is not null'),
      before.map((row) => ({ ...row, chain: '0' })),
    );
    t.deepEqual(await verifyChains(scope), []);
    t.is(await seal(scope), 3);
    t.deepEqual(await verifyChains(scope), []);
    const [first] = await rowsOf(app, `chain = ${lyon}`);
    t.deepEqual(first && nextHash(hash, first), first?.hash, 'the old end is where the new begin');
    await forge(app, `update people.consent set given = false where chain = 0 and position = 3`);
    t.regex((await verifyChains(scope)).join(), /Lille .*place 3/);
    await forge(app, `update people.consent set given = true where chain = 0 and position = 3`);
    await forge(app, 'delete from people.consent where chain = 0 and position = 6');
    t.is((await verifyChains(scope)).length, 1, 'nor is the end of the first one cut off unseen');
    t.is((await rowsOf(app, `chain = ${lille}`)).length, 1);
  },
);

test.serial(
  'a chapter’s ledger as a file can be verified by anybody, and names nobody',
  async (t) => {
    const { app, agree, lyon, scope } = await scene(t);
    await agree(3);
    await seal(scope);
    const file = join(mkdtempSync(join(tmpdir(), 'rostra-ledger-')), 'lyon.jsonl');
    const said: string[] = [];
    const terminal = { print: (line: string) => void said.push(line), progress: () => {} };
    await ledgerCommand().run(app.scope(lyon), [file], {}, terminal);
    const written = readFileSync(file, 'utf8');
    const lines = written.trim().split('\n');
    t.is(lines.length, 3);
    const ends = lines.map((line) => {
      const { previous, text, hash } = JSON.parse(line);
      const sum = createHash('sha256').update(Buffer.from(previous, 'hex')).update(text);
      t.is(sum.digest('hex'), hash);
      t.is(JSON.parse(text)[1], lyon);
      return { previous, hash };
    });
    t.is(ends[1]?.previous, ends[0]?.hash);
    t.notRegex(written, /example|Oui/);
    t.is(said.length, 1);
    t.true(said[0]?.includes(ends[2]?.hash));
  },
);
