// Logging in: who is let in, who is not, and what a refusal tells.
import { parseOptions } from '@node-rs/argon2';
import test from 'ava';
import { updateAccount } from './account.sql.ts';
import { changePassword } from './account.ts';
import { linkIn, makePlace, origin, type Place, password } from './fixture.ts';
import {
  createSetupLink,
  findLink,
  findSetupLink,
  momentOf,
  sendLogInLink,
  useSetupLink,
} from './link.ts';
import { logIn, logInByLink, logOut, setPasswordByLink } from './log-in.ts';
import { argon2Parameters, hashPassword, passwordFits } from './password.ts';
import { cookieFor, findSession, readSession, revokeSessions } from './session.ts';
import { tidyAccounts } from './tidy.ts';

const wrong = { message: /accounts.log-in-refused/ };
const tooMany = { message: /accounts.too-many-tries/ };
const spent = { message: /accounts.link-spent/ };

let place: Place;
const ends: (() => unknown)[] = [];
test.before(async () => {
  place = await makePlace({ teardown: (end) => void ends.push(end) });
});
test.after.always(async () => {
  for (const end of ends) await end();
});

test.serial('passwords are kept as argon2id, 19 MiB, two passes, and fit again', async (t) => {
  const hash = await hashPassword('éternité 12345');
  t.regex(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  const { memoryCost, timeCost, parallelism, outputLen } = argon2Parameters;
  t.like(parseOptions(hash), { memoryCost, timeCost, parallelism, outputLen, saltLen: 16 });
  t.true(await passwordFits(hash, 'éternité 12345'.normalize('NFD')));
  t.false(await passwordFits(hash, 'eternité 12345'));
  t.false(await passwordFits(null, 'éternité 12345'));
});

test.serial(
  'an unknown address, a wrong password and a shut account are refused alike, and none at a glance',
  async (t) => {
    await place.clear();
    const { deps, visitor } = place;
    await place.member('organiser', place.party);
    const shut = await place.member('organiser', place.party, 'shut@parti.example');
    await updateAccount(deps.database.db, shut, { disabled_at: place.clock.now() });
    const attempts = ['organiser@parti.example', 'shut@parti.example', 'nobody@parti.example'];
    for (const [at, email] of attempts.entries()) {
      const tried = at === 1 ? password : 'something else entirely';
      const error = await t.throwsAsync(
        logIn(deps, visitor, { email, password: tried, ...origin }),
      );
      t.regex(error.message, wrong.message);
      t.is((error as { status?: number }).status, 401);
    }
    const timeOf = async (email: string) => {
      const start = process.hrtime.bigint();
      await logIn(deps, visitor, { email, password: 'no', ...origin }).catch(() => {});
      return Number(process.hrtime.bigint() - start);
    };
    const times: { known: number; unknown: number }[] = [];
    for (let round = 0; round < 8; round += 1) {
      const known = await timeOf('organiser@parti.example');
      times.push({ known, unknown: await timeOf('nobody@parti.example') });
    }
    // The fastest of each: what the machine does beside must not count.
    const least = (of: 'known' | 'unknown') => Math.min(...times.map((one) => one[of]));
    const ratio = least('unknown') / least('known');
    t.true(ratio > 0.3 && ratio < 3, `unknown to known address: ${ratio}`);
  },
);

test.serial('the address is known in any case, and a right password opens a session', async (t) => {
  await place.clear();
  const accountId = await place.member('organiser', place.lyon);
  const attempt = { email: ' Organiser@PARTI.example', password, ...origin };
  const token = await logIn(place.deps, place.visitor, attempt);
  const session = await readSession(place.deps, `x=1; __Host-rostra=${token}; y=2`);
  t.like(session, { accountId, organizationId: place.lyon, secondFactorNeeded: undefined });
  const { rows } = await place.deps.database.db.raw('select ip, agent from core.session');
  t.deepEqual(rows, [{ ip: '192.0.2.0/24', agent: 'Firefox, Linux' }]);
  t.not(await logIn(place.deps, place.visitor, attempt), token, 'a new token at each log-in');
});

test.serial(
  'tries are counted though each is refused, and the right password then waits too',
  async (t) => {
    await place.clear();
    const id = await place.member('organiser', place.party);
    const attempt = { email: 'organiser@parti.example', ...origin };
    for (let round = 0; round < 10; round += 1) {
      const refusedOne = logIn(place.deps, place.visitor, { ...attempt, password: 'wrong' });
      await t.throwsAsync(refusedOne, wrong);
    }
    const right = { ...attempt, password };
    await t.throwsAsync(logIn(place.deps, place.visitor, right), tooMany);
    const elsewhere = { ...right, ip: '2001:db8::1' };
    await t.throwsAsync(logIn(place.deps, place.visitor, elsewhere), tooMany);
    place.later(91);
    t.regex(await logIn(place.deps, place.visitor, right), /^[\w-]{43}$/);
    const { rows } = await place.deps.database.db.raw(
      `select count(*)::int as refused from core.audit
     where act = 'core.account.log-in-refused' and subject_id = :id`,
      { id },
    );
    t.is(rows[0].refused, 10);
  },
);

test.serial('one network is throttled over many addresses', async (t) => {
  await place.clear();
  const attempt = (at: number) =>
    logIn(place.deps, place.visitor, { email: `a${at}@x.example`, password: 'no', ...origin });
  for (let at = 0; at < 40; at += 1) await t.throwsAsync(attempt(at), wrong);
  await t.throwsAsync(attempt(41), tooMany);
});

test.serial(
  'a session that is revoked, idle, old or of a shut account is out at once',
  async (t) => {
    await place.clear();
    const { deps } = place;
    const accountId = await place.member('organiser', place.party);
    const attempt = { email: 'organiser@parti.example', password, ...origin };
    const enter = () => logIn(deps, place.visitor, attempt);

    const first = await enter();
    await logOut(deps, place.visitor, first);
    t.is(await findSession(deps, first), undefined);
    const second = await enter();
    await revokeSessions(deps.database.db, accountId);
    t.is(await findSession(deps, second), undefined);

    const third = await enter();
    place.later(11 * 3600);
    t.truthy(await findSession(deps, third));
    place.later(11 * 3600);
    t.truthy(await findSession(deps, third), 'seen in between');
    place.later(13 * 3600);
    t.is(await findSession(deps, third), undefined);

    const fourth = await enter();
    await updateAccount(deps.database.db, accountId, { disabled_at: place.clock.now() });
    t.is(await findSession(deps, fourth), undefined);
  },
);

test.serial('a session is noted as seen once a minute, not at each request', async (t) => {
  await place.clear();
  await place.member('organiser', place.party);
  const attempt = { email: 'organiser@parti.example', password, ...origin };
  const token = await logIn(place.deps, place.visitor, attempt);
  const seen = async () => {
    await findSession(place.deps, token);
    const { rows } = await place.deps.database.db.raw('select seen_at from core.session');
    return rows[0].seen_at.toISOString();
  };
  place.later(59);
  t.is(await seen(), '2026-11-24T10:00:00.000Z');
  place.later(2);
  t.is(await seen(), '2026-11-24T10:01:01.000Z');
});

test.serial('over https the cookie is bound to this host', (t) => {
  const token = 'a'.repeat(43);
  const set = cookieFor(token, 'https://parti.example');
  t.regex(set, /^__Host-rostra=a{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure$/);
  t.regex(cookieFor(token, 'http://localhost:3000'), /^rostra=.*SameSite=Lax$/);
});

test.serial(
  'a mailed link logs in once, in a quarter of an hour; the newest one only',
  async (t) => {
    await place.clear();
    const { deps, visitor, mails } = place;
    await place.member('organiser', place.lyon);
    const ask = () =>
      sendLogInLink(deps, visitor, { email: 'ORGANISER@parti.example', ip: origin.ip });
    await ask();
    await ask();
    t.is(mails.length, 2);
    t.is(mails[0]?.view, 'accounts/link');
    await t.throwsAsync(logInByLink(deps, visitor, linkIn(mails[0]), origin), spent);

    const token = linkIn(mails[1]);
    t.is((await findLink(momentOf(deps), token))?.purpose, 'log-in', 'looking does not use it up');
    await t.throwsAsync(setPasswordByLink(deps, visitor, token, { password, ...origin }), spent);
    const both = [1, 2].map(() => logInByLink(deps, visitor, token, origin));
    const results = await Promise.allSettled(both);
    t.deepEqual(results.map((result) => result.status).sort(), ['fulfilled', 'rejected']);

    await ask();
    place.later(16 * 60);
    await t.throwsAsync(logInByLink(deps, visitor, linkIn(mails[2]), origin), spent);
  },
);

test.serial(
  'whoever asks for a link learns nothing of the address, nor floods its mailbox',
  async (t) => {
    await place.clear();
    await place.member('organiser', place.party);
    const ask = async (email: string) => {
      const start = process.hrtime.bigint();
      const answer = await sendLogInLink(place.deps, place.visitor, { email, ip: origin.ip });
      return { answer, ms: Number(process.hrtime.bigint() - start) / 1e6 };
    };
    const known = await ask('organiser@parti.example');
    const unknown = await ask('nobody@parti.example');
    t.deepEqual(known.answer, unknown.answer);
    t.true(known.ms > 390 && unknown.ms > 390);
    for (let round = 0; round < 5; round += 1) await ask('organiser@parti.example');
    t.is(place.mails.length, 3);
  },
);

test.serial('a forgotten password: the link sets a new one and ends what was open', async (t) => {
  await place.clear();
  const { deps, visitor } = place;
  await place.member('organiser', place.party);
  const email = 'organiser@parti.example';
  const old = await logIn(deps, visitor, { email, password, ...origin });
  await sendLogInLink(deps, visitor, { email, ip: origin.ip, purpose: 'reset' });
  const chosen = { password: 'another long phrase', ...origin };
  const fresh = await setPasswordByLink(deps, visitor, linkIn(place.mails[0]), chosen);
  t.is(await findSession(deps, old), undefined);
  t.truthy(await findSession(deps, fresh));
  await t.throwsAsync(logIn(deps, visitor, { email, password, ...origin }), wrong);
});

test.serial('with a new password no link that was mailed before opens anything', async (t) => {
  await place.clear();
  const { deps, visitor, mails } = place;
  await place.member('organiser', place.party);
  const email = 'organiser@parti.example';
  for (const purpose of ['log-in', 'reset'] as const) {
    await sendLogInLink(deps, visitor, { email, ip: origin.ip, purpose });
  }
  const [first, second] = mails.map(linkIn);
  await setPasswordByLink(deps, visitor, second ?? '', { password: 'a phrase anew', ...origin });
  await t.throwsAsync(logInByLink(deps, visitor, first ?? '', origin), spent);
});

test.serial('who has a session still cannot guess the password without end', async (t) => {
  await place.clear();
  const { deps, visitor } = place;
  const session = { id: '1', accountId: await place.member('organiser', place.party) };
  const guess = (current: string) =>
    changePassword(deps, visitor, session, { current, password: 'a phrase anew' });
  for (let turn = 0; turn < 10; turn += 1) {
    await t.throwsAsync(guess('no'), { message: /core.invalid/ });
  }
  await t.throwsAsync(guess(password), tooMany);
});

test.serial('the setup link is good once, for an hour, while there is no party', async (t) => {
  const empty = await makePlace(t, { empty: true });
  const { deps } = empty;
  const tokenIn = (url: string) => /\/setup\/([\w-]{43})$/.exec(url)?.[1] ?? '';
  const older = tokenIn(await createSetupLink(deps));
  const newer = tokenIn(await createSetupLink(deps));
  t.false(await findSetupLink(deps, older));
  t.true(await findSetupLink(deps, newer));
  await useSetupLink(deps, newer);
  await t.throwsAsync(useSetupLink(deps, newer), spent);
  const late = tokenIn(await createSetupLink(deps));
  empty.later(3601);
  t.false(await findSetupLink(deps, late));
  await t.throwsAsync(createSetupLink(place.deps), { message: /accounts.already-set-up/ });
});

test.serial('what is over is swept away, what works stays', async (t) => {
  await place.clear();
  const { deps, visitor } = place;
  await place.member('organiser', place.party);
  const attempt = { email: 'organiser@parti.example', password, ...origin };
  await logIn(deps, visitor, attempt);
  await sendLogInLink(deps, visitor, attempt);
  t.is(await tidyAccounts(visitor), 0);
  place.later(13 * 3600);
  const token = await logIn(deps, visitor, attempt);
  t.true((await tidyAccounts(visitor)) >= 2);
  t.truthy(await findSession(deps, token));
});
