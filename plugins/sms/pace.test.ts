// So many a second is the account's, however many send through it, in whichever process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { type App, makeApp } from 'rostra/testing';
import { keysOf, numberOf, scene } from './fixture.ts';
import { saveAccount } from './gateway-account.ts';
import { paceOf, slotsOf } from './pace.ts';

const never = new AbortController().signal;

const of60 = (place: number) => `+336123450${String(place).padStart(2, '0')}`;

async function paced(t: ExecutionContext, perSecond: number, count = 0, number = numberOf) {
  const s = await scene(t, { count, number });
  await saveAccount(s.scope, s.deps, {
    ...{ gateway: 'smpp', sender: s.account.sender, priceMilli: 0, currency: 'EUR', perSecond },
    settings: keysOf(s.far),
  });
  /** Slots that were reserved since the clock stood still. */
  const slots = async () => {
    const { rows } = await s.scope.db.raw(
      'select account_id, extract(epoch from free_at - :now) * :perSecond as slots from sms.pace',
      { now: s.scope.now(), perSecond },
    );
    return rows.map(({ slots }: { slots: string }) => Math.round(Number(slots)));
  };
  return { ...s, slots };
}

/** Asked for all at once, as by a run with so many lanes. */
const ask = (slot: ReturnType<typeof slotsOf>, count: number) =>
  Promise.all(Array.from({ length: count }, () => slot(never)));

test('two runs and a process beside never send at the same moment through one account', async (t) => {
  const [perSecond, count] = [400, 80];
  const s = await paced(t, perSecond);
  const { url } = s.app.house.database;
  const given = [url, s.account.id, `${perSecond}`, `${count}`, s.scope.now().toISOString()];
  const script = fileURLToPath(new URL('killed-sender.ts', import.meta.url));
  const beside = spawn(process.execPath, ['--import=./core/typescript.mjs', script], {
    env: { ...process.env, KILLED_SENDER: JSON.stringify(given) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  t.teardown(() => void beside.kill('SIGKILL'));
  const runs = [1, 2].map(() => slotsOf(s.scope, s.account.id, perSecond));
  const [[theirs], ...ours] = await Promise.all([
    once(beside, 'message') as Promise<[number[]]>,
    ...runs.map((slot) => ask(slot, count)),
  ]);
  const all = [...theirs, ...ours.flat()].map(Number).sort((one, other) => one - other);
  t.is(all.length, 3 * count);
  const gaps = all.slice(1).map((at, place) => at - (all[place] ?? 0));
  t.true(Math.min(...gaps) > 1_000 / perSecond - 0.01, `${Math.min(...gaps)} ms`);
});

test('whoever sends takes turns: a mailing, an answer, a test; a long text as often as it has parts', async (t) => {
  const s = await paced(t, 50, 3);
  t.deepEqual(await s.slots(), []);
  const staff = await s.app.staff();
  const id = await s.write();
  await staff.post(`/admin/outreach/${id}/release`, { version: '1', when: 'now' });
  await s.app.drain();
  t.is(s.far.taken.length, 3);
  t.deepEqual(await s.slots(), [3]);
  await staff.post('/admin/sms/gateway/try', { number: numberOf(7) });
  t.deepEqual(await s.slots(), [4]);
  await s.hear('Arrêt');
  await s.app.drain();
  t.is(s.far.taken.length, 5);
  t.deepEqual(await s.slots(), [5], 'the word that they are not written to any more');
  const long = await s.write('Bonjour, on se voit samedi. '.repeat(12));
  await staff.post(`/admin/sms/${long}/test`, { number: numberOf(8) });
  t.deepEqual(await s.slots(), [8]);
});

test('an account without a rate waits for nobody; of one with it nobody keeps more than half a second', async (t) => {
  const s = await paced(t, 5);
  await paceOf(s.scope, { id: s.account.id, perSecond: undefined })(1, never);
  t.deepEqual(await s.slots(), [], 'nothing is asked, nothing written');
  const cut = new AbortController();
  const slot = slotsOf(s.scope, s.account.id, 5);
  const asked = Array.from({ length: 20 }, () => slot(cut.signal));
  t.is(await asked[0], s.scope.now().getTime());
  cut.abort();
  const slots = (await Promise.all(asked)).filter((at) => at !== undefined);
  t.is(slots.length, 2, 'those that were cut took none');
  t.deepEqual(await s.slots(), [2]);
  await s.scope.db.raw(`update sms.pace set free_at = free_at + interval '1 day'`);
  const [next] = await ask(slotsOf(s.scope, s.account.id, 5), 1);
  t.is(next, s.scope.now().getTime(), 'a clock that was wrong holds nobody back');
});

test('two workers on one text send it to each once, at the account’s pace', async (t) => {
  const s = await paced(t, 200, 60, of60);
  const { url } = s.app.house.database;
  const now = s.scope.now().toISOString();
  const other = await makeApp(t, { databaseUrl: url, now, allowPrivate: [s.far.host] });
  const sendId = await s.write();
  const staff = await s.app.staff();
  await staff.post(`/admin/outreach/${sendId}/release`, { version: '1', when: 'now' });
  const run = async (app: App) => {
    const { jobs = [] } = app.house.registry.find('outreach')?.contributions ?? {};
    await jobs.find(({ name }) => name === 'run')?.run(app.scope(), { sendId });
  };
  await Promise.all([run(s.app), run(other)]);
  await s.app.drain();
  const numbers = Array.from({ length: 60 }, (_, place) => of60(place));
  t.deepEqual(s.taken.map(({ to }) => to).sort(), numbers);
  t.true(((await s.slots()).at(0) ?? 0) >= 60);
});
