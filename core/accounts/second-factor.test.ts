// The second factor: demanded of the powerful, used once, and never stored in the clear.
import test from 'ava';
import { codeAt, makePlace, origin, type Place, password } from './fixture.ts';
import { logIn } from './log-in.ts';
import { checkTotp, confirmTotp, disableTotp, enableTotp } from './second-factor.ts';
import { findSession, openSession, type StaffSession, secondFactorPath } from './session.ts';

let place: Place;
const ends: (() => unknown)[] = [];
test.before(async () => {
  place = await makePlace({ teardown: (end) => void ends.push(end) });
});
test.after.always(async () => {
  for (const end of ends) await end();
});

const wrong = { message: /accounts.code.wrong/ };
const attempt = { email: 'administrator@parti.example', password, ...origin };

async function enter(): Promise<StaffSession> {
  const session = await findSession(place.deps, await logIn(place.deps, place.visitor, attempt));
  if (!session) throw new Error('no session');
  return session;
}

/** An administrator with the factor set up; the clock has moved past the code that was used. */
async function withFactor() {
  await place.clear();
  await place.member('administrator', place.party);
  const session = await enter();
  const { secret } = await enableTotp(place.deps, place.visitor, session.accountId);
  const code = await codeAt(place, secret);
  const made = await confirmTotp(place.deps, place.visitor, session, code);
  place.later(60);
  return { secret, session, ...made };
}

test.serial(
  'powerful roles must set it up; the session after the setup may work without',
  async (t) => {
    await place.clear();
    const { deps, party } = place;
    const id = await place.member('administrator', party);
    await place.member('organiser', party);
    const session = await enter();
    t.is(session.secondFactorNeeded, 'enrol');
    t.is(secondFactorPath(session), '/account/two-factor/set-up');
    const moment = { db: deps.database.db, now: () => place.clock.now() };
    const first = await openSession(moment, id, origin, { grace: true });
    t.is((await findSession(deps, first))?.secondFactorNeeded, undefined);
    t.is((await enter()).secondFactorNeeded, 'enrol', 'the next log-in has no grace');
    const other = { ...attempt, email: 'organiser@parti.example' };
    const plain = await findSession(deps, await logIn(deps, place.visitor, other));
    t.is(plain?.secondFactorNeeded, undefined);
  },
);

test.serial(
  'once set up, each log-in asks for it, and the token changes when it is shown',
  async (t) => {
    const { deps, visitor } = place;
    const { secret, token } = await withFactor();
    t.is((await findSession(deps, token))?.secondFactorNeeded, undefined);
    const next = await logIn(deps, visitor, attempt);
    const session = await findSession(deps, next);
    if (!session) return t.fail();
    t.is(session.secondFactorNeeded, 'check');
    const renewed = await checkTotp(deps, visitor, session, await codeAt(place, secret));
    t.is(await findSession(deps, next), undefined, 'the token of before is worth nothing');
    t.is((await findSession(deps, renewed))?.secondFactorNeeded, undefined);
  },
);

test.serial(
  'a code is taken once, also by two at the same time, and an older one never after',
  async (t) => {
    const { deps, visitor } = place;
    const { secret } = await withFactor();
    const session = await enter();
    const earlier = await codeAt(place, secret);
    place.later(30);
    const code = await codeAt(place, secret);
    const both = [1, 2].map(() => checkTotp(deps, visitor, session, code));
    const results = await Promise.allSettled(both);
    t.deepEqual(results.map((one) => one.status).sort(), ['fulfilled', 'rejected']);
    await t.throwsAsync(checkTotp(deps, visitor, session, code), wrong);
    await t.throwsAsync(checkTotp(deps, visitor, session, earlier), wrong);
    place.later(30);
    const fresh = await codeAt(place, secret);
    await t.notThrowsAsync(checkTotp(deps, visitor, session, fresh));
  },
);

test.serial('the code with which it was set up does not log in again', async (t) => {
  await place.clear();
  const { deps, visitor } = place;
  await place.member('administrator', place.party);
  const session = await enter();
  const { secret, qr } = await enableTotp(deps, visitor, session.accountId);
  t.is(
    (await enableTotp(deps, visitor, session.accountId)).secret,
    secret,
    'a reload shows the same',
  );
  t.regex(qr, /^data:image\/svg\+xml;base64,/);
  const code = await codeAt(place, secret);
  await t.throwsAsync(confirmTotp(deps, visitor, session, '000000'), wrong);
  await confirmTotp(deps, visitor, session, code);
  await t.throwsAsync(checkTotp(deps, visitor, await enter(), code), wrong);
  await t.throwsAsync(enableTotp(deps, visitor, session.accountId), { message: /is-on/ });
});

test.serial('a recovery code works once, however it is typed', async (t) => {
  const { deps, visitor } = place;
  const { recoveryCodes } = await withFactor();
  t.is(new Set(recoveryCodes).size, 10);
  const [code = ''] = recoveryCodes;
  t.regex(code, /^[2-9a-z]{5}-[2-9a-z]{5}$/);
  const typed = ` ${code.toUpperCase().replace('-', ' ')} `;
  await t.notThrowsAsync(checkTotp(deps, visitor, await enter(), typed));
  await t.throwsAsync(checkTotp(deps, visitor, await enter(), code), wrong);
});

test.serial('guessing is throttled: five tries, then none, right or wrong', async (t) => {
  const { deps, visitor } = place;
  const { secret } = await withFactor();
  place.later(600);
  const session = await enter();
  for (let round = 0; round < 5; round += 1) {
    await t.throwsAsync(checkTotp(deps, visitor, session, '12345x'), wrong);
  }
  const right = checkTotp(deps, visitor, session, await codeAt(place, secret));
  await t.throwsAsync(right, { message: /too-many-tries/ });
});

test.serial('neither the secret nor a recovery code can be read in the database', async (t) => {
  const { secret, recoveryCodes } = await withFactor();
  const { rows } = await place.deps.database.db.raw(
    `select row_to_json(a)::text as text from core.account a
     union all select encode(hash, 'escape') from core.recovery_code`,
  );
  const all = JSON.stringify(rows);
  t.false(all.includes(secret));
  t.true(all.includes('v1.'));
  for (const code of recoveryCodes) t.false(all.includes(code.slice(0, 5)));
});

test.serial(
  'turning it off asks for the password, and the role then demands it anew',
  async (t) => {
    const { deps, visitor } = place;
    const { session, token } = await withFactor();
    const bad = disableTotp(deps, visitor, session.accountId, 'not the password');
    await t.throwsAsync(bad, { message: /password.wrong/ });
    await disableTotp(deps, visitor, session.accountId, password);
    t.is((await findSession(deps, token))?.secondFactorNeeded, 'enrol');
  },
);
