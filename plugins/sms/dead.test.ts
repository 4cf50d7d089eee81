// A number at which nothing arrives is not texted, and paid, again and again.
import test from 'ava';
import { numberOf, scene } from './fixture.ts';
import { readHttp } from './gateways/http-hook.ts';
import { readReceipt } from './gateways/smpp-words.ts';
import { handle } from './news.ts';

const act = { channel: 'sms', purpose: 'newsletter' } as const;

async function dead(t: Parameters<typeof scene>[0], count: number) {
  const s = await scene(t, { count });
  const send = async (at: string): Promise<string[]> => {
    s.app.clock.set(at);
    const before = s.taken.length;
    const id = await s.write();
    // A day later one logs in anew.
    await (await s.app.staff()).post(`/admin/outreach/${id}/release`, {
      version: '1',
      when: 'now',
    });
    await s.app.drain();
    return s.taken
      .slice(before)
      .map(({ to }) => to)
      .sort();
  };
  const told = async (number: string, more: object): Promise<void> => {
    const { rows } = await s.scope.db.raw(
      'select reference from sms.message where number = ? order by id desc limit 1',
      [number],
    );
    const receipt = { kind: 'receipt', reference: rows[0].reference, state: 'failed', answer: 'x' };
    await handle(s.scope, s.deps, s.account, [{ ...receipt, at: s.scope.now(), ...more } as never]);
  };
  const why = async (place: number, channel: 'sms' | 'call' = 'sms') =>
    (await s.deps.reach.may(s.scope, s.ids[place] ?? '', { ...act, channel }))?.why;
  const open = async (path: string) => (await (await s.app.staff()).get(path)).body;
  return { ...s, open, send, told, why };
}

test('a number that nobody has is passed over from then on, and says so, until it is heard of again', async (t) => {
  const s = await dead(t, 3);
  t.is((await s.send('2026-11-24T10:00:00Z')).length, 3);
  await s.told(numberOf(0), { isPermanent: false });
  await s.told(numberOf(1), { isPermanent: true });
  await s.told(numberOf(1), { isPermanent: true });
  t.is(await s.why(0), 'yes', 'a telephone that was off');
  t.is(await s.why(1), 'dead');
  const profile = await s.open(`/admin/people/${s.ids[1]}`);
  t.is(profile.match(/A text message did not arrive: /g)?.length, 1, 'once on the timeline');
  t.regex(profile, /A text message did not arrive on November 24, 2026/);
  t.deepEqual(await s.send('2026-11-25T10:00:00Z'), [numberOf(0), numberOf(2)]);
  await s.hear('Bonjour', numberOf(1));
  t.is(await s.why(1), 'yes');
  t.is((await s.send('2026-11-26T10:00:00Z')).length, 3);
});

test('a landline is not texted, and called as before; staff may say that it works', async (t) => {
  const s = await dead(t, 2);
  await s.send('2026-11-24T10:00:00Z');
  const calls = await s.why(1, 'call');
  await s.told(numberOf(1), { isPermanent: true, isLandline: true });
  t.is(await s.why(1), 'landline');
  t.is(await s.why(1, 'call'), calls);
  const at = `/admin/people/${s.ids[1]}`;
  const page = await s.open(at);
  t.regex(page, /Landline/);
  const way = /ways\/phone\/\d+\/works/.exec(page)?.[0] ?? '';
  await (await s.app.staff()).post(`${at}/${way}`, {});
  t.is(await s.why(1), 'yes');
  t.notRegex(await s.open(at), /ways\/phone/);
  const { rows } = await s.scope.db.raw(
    `select act from core.audit where act in ('people.number.undelivered', 'people.address.restored') order by id`,
  );
  t.deepEqual(
    rows.map((row: { act: string }) => row.act),
    ['people.number.undelivered', 'people.address.restored'],
  );
});

test('a number that the gateway takes for none counts as one, unless it takes nobody’s', async (t) => {
  const s = await dead(t, 2);
  s.far.refusedNumber = numberOf(1);
  t.deepEqual(await s.send('2026-11-24T10:00:00Z'), [numberOf(0)]);
  t.is(await s.why(1), 'dead');
  s.far.refusedNumber = numberOf(0);
  t.deepEqual(await s.send('2026-11-25T10:00:00Z'), []);
  t.is(await s.why(0), 'yes', 'the fault may be the account’s');
});

test('a household’s number is nobody’s for all of them', async (t) => {
  const s = await dead(t, 2);
  await s.scope.db.raw('update people.phone_number set number = ?', [numberOf(0)]);
  await s.send('2026-11-24T10:00:00Z');
  await s.told(numberOf(0), { isPermanent: true });
  t.deepEqual([await s.why(0), await s.why(1)], ['dead', 'dead']);
});

test('over SMPP the network’s own word for an unknown subscriber is for good, and what its operator says', (t) => {
  const receipt = (code?: number[], nobodys = '') =>
    readReceipt(
      {
        ...{ short_message: { message: 'id:7 stat:UNDELIV err:001' }, esm_class: 4 },
        ...(code && { network_error_code: Buffer.from(code) }),
      } as never,
      { ids: 'same', nobodys, at: new Date(0) },
    )?.isPermanent;
  t.true(receipt([3, 0, 1]));
  t.false(receipt([3, 0, 6]), 'absent');
  t.false(receipt([1, 0, 1]), 'of another network');
  t.false(receipt(), 'the text’s code is each maker’s own');
  t.true(receipt(undefined, '5, 1'), 'which its documentation tells');
});

test('by HTTP it is what the settings say of a number that nobody has', (t) => {
  const settings = {
    ...{ receiptReference: 'id', receiptState: 'state', failed: '2', delivered: '1' },
    nobodys: '/ptt=3\\b/',
  };
  const heard = (query: string) =>
    readHttp({ now: () => new Date(0) } as never, { settings } as never, {
      ...{ method: 'GET', url: `https://parti.example/hooks/sms/http/x?${query}` },
      ...{ headers: {}, body: Buffer.from('') },
    })?.news[0];
  t.like(heard('id=7&state=2&ptt=3'), { state: 'failed', isPermanent: true });
  t.like(heard('id=7&state=2&ptt=4'), { state: 'failed', isPermanent: false });
});
