import test from 'ava';
import { makeTestHouse, type TestHouse } from '../jobs/fixture.ts';
import { deleteAuditDetails, findAudit, moveAuditDetails } from './audit.sql.ts';
import { sealAudit, verifyAudit } from './seal.ts';

const now = new Date('2026-11-24T10:00:00Z');

async function record(house: TestHouse, count: number, personId = '7'): Promise<void> {
  const audit = house.audit('plugin');
  for (let i = 0; i < count; i += 1) {
    await audit.record(house.scope(), {
      act: 'thing.changed',
      subject: { type: 'thing', id: String(i) },
      personId,
      details: { b: i, a: { email: 'anna@example.org', when: now, nul: 'x\u0000y' } },
    });
  }
}

/** As somebody with the rights of the database's owner could. */
async function forge(house: TestHouse, sql: string): Promise<void> {
  await house.database.db.transaction(async (db) => {
    await db.raw('set local session_replication_role = replica');
    await db.raw(sql);
  });
}

test('what is recorded is sealed in batches, and the chain is whole', async (t) => {
  const house = await makeTestHouse(t);
  await record(house, 3);
  t.is(await sealAudit(house.database.db, now), 3);
  await record(house, 2);
  t.is(await sealAudit(house.database.db, now), 2);
  t.is(await sealAudit(house.database.db, now), 0);
  t.deepEqual(await verifyAudit(house.database.db), { rows: 5, erased: 0, faults: [] });
});

test('an entry goes with the transaction that it was written in', async (t) => {
  const house = await makeTestHouse(t);
  await t.throwsAsync(
    house.scope().write(async (scope) => {
      await house.audit('plugin').record(scope, { act: 'thing.made' });
      throw new Error('rolled back');
    }),
  );
  t.is(await sealAudit(house.database.db, now), 0);
});

test('one altered byte is found, in the chain and beside it', async (t) => {
  const house = await makeTestHouse(t);
  await record(house, 3);
  await sealAudit(house.database.db, now);
  await forge(house, `update core.audit set act = 'plugin.thing.changeD' where position = 2`);
  const chain = await verifyAudit(house.database.db);
  t.is(chain.faults.length, 1);
  t.regex(chain.faults[0] ?? '', /row 2 .*altered/);
  await forge(house, `update core.audit set act = 'plugin.thing.changed' where position = 2`);
  await forge(house, `update core.audit_detail set details = details || '{"b": 9}'`);
  t.is((await verifyAudit(house.database.db)).faults.length, 3);
});

test('a row taken out is missed', async (t) => {
  const house = await makeTestHouse(t);
  await record(house, 3);
  await sealAudit(house.database.db, now);
  await forge(house, 'delete from core.audit where position = 2');
  t.regex((await verifyAudit(house.database.db)).faults[0] ?? '', /row 2 .*missing/);
});

test('when a person is erased the values go and the chain stays whole', async (t) => {
  const house = await makeTestHouse(t);
  await record(house, 2, '7');
  await record(house, 1, '8');
  await sealAudit(house.database.db, now);
  await moveAuditDetails(house.database.db, '8', '7');
  t.is(await deleteAuditDetails(house.database.db, '7'), 3);
  t.deepEqual(await verifyAudit(house.database.db), { rows: 3, erased: 3, faults: [] });
  const { rows } = await house.database.db.raw(
    `select count(*) from core.audit where to_jsonb(audit)::text ~ 'anna'`,
  );
  t.is(rows[0].count, '0');
});

test('the database itself lets nobody rewrite it', async (t) => {
  const house = await makeTestHouse(t);
  await record(house, 1);
  await sealAudit(house.database.db, now);
  const { db } = house.database;
  const message = /append-only|never change/;
  await t.throwsAsync(db.raw(`update core.audit set act = 'x'`), { message });
  await t.throwsAsync(db.raw('update core.audit set position = 9'), { message });
  await t.throwsAsync(db.raw(`update core.audit_detail set details = '{}'`), { message });
  await t.throwsAsync(db.raw('delete from core.audit'), { message });
  await t.throwsAsync(db.raw('truncate core.audit cascade'), { message });
});

test('the values of an entry go with a person who is erased, and in no other way', async (t) => {
  const house = await makeTestHouse(t);
  const { db } = house.database;
  const message = /only an erasure/;
  await record(house, 1, '7');
  await house.audit('plugin').record(house.scope(), { act: 'thing.made', details: { name: 'x' } });
  const ofNobody = 'person_id is null';
  await t.throwsAsync(db.raw(`delete from core.audit_detail where ${ofNobody}`), { message });
  await t.throwsAsync(db.raw('delete from core.audit_detail'), { message });
  await t.throwsAsync(db.raw(`delete from core.audit_detail where person_id = '7'`), { message });
  await t.throwsAsync(db.raw('truncate core.audit_detail'), { message });
  const claimed = db.raw(`update core.audit_detail set person_id = '7' where ${ofNobody}`);
  await t.throwsAsync(claimed, { message: /never change/ }, 'no way round by making it somebody’s');
  const freed = db.raw(`update core.audit_detail set person_id = null where person_id = '7'`);
  await t.throwsAsync(freed, { message: /never change/ });
  t.is(await deleteAuditDetails(db, '7'), 1);
  const left = await db.raw('select details from core.audit_detail');
  t.deepEqual(left.rows, [{ details: { name: 'x' } }]);
});

test('a person’s id stands beside the chain, never in it', async (t) => {
  const house = await makeTestHouse(t);
  const subject = { type: 'person', id: '12' };
  await house.audit('plugin').record(house.scope(), { act: 'person.seen', subject });
  const [entry] = await findAudit(house.database.db, { bound: undefined, limit: 9, person: '12' });
  t.is(entry?.subjectId, null);
  t.is(entry?.personId, '12');
});

test('a sister chapter finds nothing', async (t) => {
  const house = await makeTestHouse(t);
  await house.audit('plugin').record(house.scope(house.lyon), { act: 'thing.made' });
  const { bound } = house.scope(house.nice);
  t.deepEqual(await findAudit(house.database.db, { bound, limit: 9 }), []);
  t.is((await findAudit(house.database.db, { bound: [house.lyon], limit: 9 })).length, 1);
});
