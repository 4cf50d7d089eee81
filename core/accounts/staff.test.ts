// Who may what, where: roles hold at their place and below, and a chapter cannot reach beyond itself.
import test from 'ava';
import type { Scope } from '../scope.ts';
import { findStaff } from './account.sql.ts';
import { createAccountByCommand, listAccounts, resetSecondFactor, setPassword } from './cli.ts';
import { linkIn, makePlace, origin, type Place, password } from './fixture.ts';
import { sendLogInLink } from './link.ts';
import { logIn, setPasswordByLink } from './log-in.ts';
import { permissionsOf } from './roles.ts';
import { findSession, openSession } from './session.ts';
import {
  disableStaff,
  endSessions,
  grantRole,
  inviteAgain,
  inviteStaff,
  listStaff,
  readStaff,
  resetStaffSecondFactor,
  withdrawRole,
} from './staff.ts';
import { organizationsOf, standingOf } from './standing.ts';

let place: Place;
const ends: (() => unknown)[] = [];
test.before(async () => {
  place = await makePlace({ teardown: (end) => void ends.push(end) });
});
test.after.always(async () => {
  for (const end of ends) await end();
});

const everything = {
  accountId: '1',
  name: 'Ada',
  get permissions() {
    return permissionsOf(place.deps.registry, ['administrator']);
  },
};

/** A session that may work, without the walk through the second factor. */
function enter(accountId: string): Promise<string> {
  const moment = { db: place.deps.database.db, now: () => place.clock.now() };
  return openSession(moment, accountId, origin, { grace: true });
}

test.serial('a role of a chapter holds there and below, not above or beside', async (t) => {
  await place.clear();
  const { deps, lyon, vaise, nantes, party } = place;
  const token = await enter(await place.member('organiser', lyon));
  const session = await findSession(deps, token);
  if (!session) return t.fail();
  t.is(session.organizationId, lyon);
  t.true(standingOf(deps, session, lyon)?.permissions.has('choir.song.write'));
  t.deepEqual(standingOf(deps, session, vaise)?.roles, ['organiser']);
  t.is(standingOf(deps, session, party), undefined);
  t.is(standingOf(deps, session, nantes), undefined);
  t.is(standingOf(deps, session, '999'), undefined);
  const reach = organizationsOf(deps.organizations, session.roles).map((one) => one.slug);
  t.deepEqual(reach, ['lyon', 'vaise']);
});

test('permissions come from the plugins that are loaded, and the administrator has all', (t) => {
  const of = (...roles: string[]) => permissionsOf(place.deps.registry, roles);
  t.true(of('chapter-volunteer').has('choir.song.sing'));
  t.false(of('chapter-volunteer').has('choir.song.write'));
  t.true(of('chapter-volunteer', 'organiser').has('choir.song.write'));
  t.true(of('administrator').has('choir.song.write'));
  t.true(of('administrator').has('core.staff.manage'));
  t.false(of('administrator').has('gone.all.do'));
  t.deepEqual([...of('no-such-role')], []);
  for (const role of ['data-protection', 'organiser', 'web-editor', 'treasurer']) {
    t.false(of(role).has('core.staff.manage'), role);
  }
});

test.serial(
  'staff of a chapter see no account of another, even where the bound is forgotten',
  async (t) => {
    await place.clear();
    const { lyon, vaise, nantes, party } = place;
    const token = await enter(await place.member('administrator', lyon));
    await place.member('organiser', vaise, 'vaise@parti.example');
    const stranger = await place.member('organiser', nantes, 'nantes@parti.example');
    await place.member('organiser', party, 'party@parti.example');
    await place.asStaff(token, lyon, async (scope) => {
      const seen = (await listStaff(scope)).map((one) => one.email);
      t.deepEqual(seen.sort(), ['administrator@parti.example', 'vaise@parti.example']);
      await t.throwsAsync(readStaff(scope, stranger), { message: /core.not-found/ });
      await t.throwsAsync(endSessions(place.deps, scope, stranger), { message: /core.not-found/ });
      const boundless = await findStaff({ ...scope, db: scope.db, bound: undefined });
      t.is(boundless.length, 2, 'the second wall');
      for (const table of ['session', 'link', 'recovery_code', 'rate']) {
        const rows = await scope.db.withSchema('core').from(table).select();
        t.deepEqual(rows, [], table);
      }
    });
  },
);

test.serial('who works elsewhere too is not to be shut or opened by one chapter', async (t) => {
  await place.clear();
  const { deps, lyon, nantes } = place;
  const token = await enter(await place.member('administrator', lyon));
  const both = await place.member('organiser', lyon, 'both@parti.example');
  const roots = await place.deps.scopes.with(
    { organizationId: place.party, actor: { kind: 'system', name: 'test' } },
    async (scope) => {
      await grantRole(deps, scope, both, { organizationId: nantes, role: 'organiser' });
      return readStaff(scope, both);
    },
  );
  t.is(roots.roles.length, 2);
  await place.asStaff(token, lyon, async (scope) => {
    t.deepEqual((await readStaff(scope, both)).roles, [
      { organizationId: lyon, role: 'organiser' },
    ]);
    const elsewhere = { message: /accounts.works-elsewhere/ };
    await t.throwsAsync(disableStaff(deps, scope, both), elsewhere);
    await t.throwsAsync(resetStaffSecondFactor(deps, scope, both), elsewhere);
    const beside = { organizationId: nantes, role: 'organiser' } as const;
    await t.throwsAsync(grantRole(deps, scope, both, beside), { message: /core.not-found/ });
    await t.throwsAsync(withdrawRole(deps, scope, both, beside), { message: /core.not-found/ });
  });
});

test.serial('inviting who works elsewhere too gives nobody a link to their account', async (t) => {
  await place.clear();
  const { deps, lyon, party, mails } = place;
  const token = await enter(await place.member('administrator', lyon));
  const invited = { email: 'root@parti.example', name: 'Root', role: 'administrator' as const };
  await deps.scopes.with(
    { organizationId: party, actor: { kind: 'staff', ...everything } },
    (scope) => inviteStaff(deps, scope, invited),
  );
  t.regex(String(mails.at(-1)?.data.href), /account\/link/);
  await place.asStaff(token, lyon, async (scope) => {
    const id = await inviteStaff(deps, scope, { ...invited, role: 'chapter-volunteer' });
    t.notRegex(String(mails.at(-1)?.data.href), /account\/link/);
    await inviteAgain(deps, scope, id);
    t.notRegex(String(mails.at(-1)?.data.href), /account\/link/);
  });
});

test.serial('a role from above takes an open invitation out of the chapter’s hands', async (t) => {
  await place.clear();
  const { deps, lyon, party, mails } = place;
  const at = (organizationId: string) =>
    deps.scopes.make({ organizationId, actor: { kind: 'staff', ...everything } });
  const invited = { email: 'new@parti.example', name: 'New', role: 'organiser' as const };
  const id = await inviteStaff(deps, at(lyon), invited);
  const first = linkIn(mails.at(-1));
  await grantRole(deps, at(party), id, { organizationId: party, role: 'administrator' });
  const second = linkIn(mails.at(-1));
  t.not(second, first);
  const chosen = { password, ...origin };
  await t.throwsAsync(setPasswordByLink(deps, place.visitor, first, chosen));
  t.truthy(await setPasswordByLink(deps, place.visitor, second, chosen));
});

test.serial('the link of who works in two chapters lies in the outbox of neither', async (t) => {
  await place.clear();
  const { deps, lyon, vaise, nantes, party } = place;
  const from: string[] = [];
  const mail = async (scope: Scope) => String(from.push(scope.organization.id));
  const ask = (email: string) =>
    sendLogInLink({ ...deps, mail }, place.visitor, { email, ip: '192.0.2.1', purpose: 'reset' });
  const roots = deps.scopes.make({
    organizationId: party,
    actor: { kind: 'staff', ...everything },
  });
  const id = await place.member('organiser', lyon, 'both@parti.example');
  await grantRole(deps, roots, id, { organizationId: vaise, role: 'organiser' });
  await ask('both@parti.example');
  await grantRole(deps, roots, id, { organizationId: nantes, role: 'organiser' });
  await ask('both@parti.example');
  t.deepEqual(from, [lyon, party]);
});

test.serial('nobody gives a role that can do what they cannot', async (t) => {
  await place.clear();
  const { deps, lyon } = place;
  const token = await enter(await place.member('organiser', lyon));
  await place.asStaff(token, lyon, async (scope) => {
    const invited = { email: 'friend@parti.example', name: 'Friend' };
    const more = inviteStaff(deps, scope, { ...invited, role: 'administrator' });
    await t.throwsAsync(more, { message: /core.forbidden/ });
    t.truthy(await inviteStaff(deps, scope, { ...invited, role: 'chapter-volunteer' }));
  });
});

test.serial(
  'an invitation lets a newcomer choose a password; a known account gets the role',
  async (t) => {
    await place.clear();
    const { deps, lyon, nantes, visitor, mails } = place;
    const token = await enter(await place.member('administrator', lyon));
    const known = await place.member('organiser', nantes, 'known@parti.example');
    const email = 'new@parti.example';
    await place.asStaff(token, lyon, async (scope) => {
      await inviteStaff(deps, scope, { email, name: 'Nouvelle', role: 'organiser' });
      const other = { email: 'KNOWN@parti.example', name: 'Other', role: 'organiser' } as const;
      t.is(await inviteStaff(deps, scope, other), known);
    });
    t.deepEqual(
      mails.map((mail) => [mail.to, mail.data.hasPassword]),
      [
        [email, false],
        ['KNOWN@parti.example', true],
      ],
    );
    const chosen = { password: 'a phrase of my own', ...origin };
    const entered = await setPasswordByLink(deps, visitor, linkIn(mails[0]), chosen);
    t.is((await findSession(deps, entered))?.organizationId, lyon);
    await t.notThrowsAsync(logIn(deps, visitor, { email, ...chosen }));
  },
);

test.serial(
  'a role withdrawn holds no more at the next click; without any, nobody gets in',
  async (t) => {
    await place.clear();
    const { deps, party } = place;
    const admin = await enter(await place.member('administrator', party));
    const id = await place.member('organiser', party);
    const token = await enter(id);
    t.truthy(await findSession(deps, token));
    await place.asStaff(admin, party, (scope) =>
      withdrawRole(deps, scope, id, { organizationId: party, role: 'organiser' }),
    );
    t.is(await findSession(deps, token), undefined);
    const attempt = { email: 'organiser@parti.example', password, ...origin };
    await t.throwsAsync(logIn(deps, place.visitor, attempt), { message: /log-in-refused/ });
  },
);

test.serial('the party keeps an administrator, also when two are withdrawn at once', async (t) => {
  await place.clear();
  const { deps, party } = place;
  const ids = [
    await place.member('administrator', party, 'one@parti.example'),
    await place.member('administrator', party, 'two@parti.example'),
  ];
  const actor = { kind: 'system', name: 'test' } as const;
  const scope = deps.scopes.make({ organizationId: party, actor });
  const held = { organizationId: party, role: 'administrator' };
  const both = ids.map((id) => withdrawRole(deps, scope, id, held));
  const results = await Promise.allSettled(both);
  t.deepEqual(results.map((one) => one.status).sort(), ['fulfilled', 'rejected']);
  const left = (await listStaff(scope)).find((one) => one.roles.length > 0);
  const shut = disableStaff(deps, scope, left?.id ?? '');
  await t.throwsAsync(shut, { message: /accounts.last-administrator/ });
});

test.serial('from the machine itself: make, list, help', async (t) => {
  await place.clear();
  const { deps, visitor } = place;
  const email = 'chief@parti.example';
  const given = { email, name: 'Chief', role: 'administrator' };
  const made = await createAccountByCommand(deps, given);
  const token = made.href?.split('/').at(-1) ?? '';
  await setPasswordByLink(deps, visitor, token, { password: 'the chief’s phrase', ...origin });
  await t.throwsAsync(createAccountByCommand(deps, given), { message: /accounts.email-taken/ });
  const bad = createAccountByCommand(deps, { ...given, email: 'x@x.example', role: 'king' });
  await t.throwsAsync(bad, { message: /no role 'king'/ });
  const [listed] = await listAccounts(deps);
  t.like(listed, { email, hasPassword: true, hasSecondFactor: false });
  await t.throwsAsync(setPassword(deps, email, 'short'), { message: /12 characters/ });
  await setPassword(deps, email, 'one more long phrase');
  t.regex((await setPassword(deps, email)) ?? '', /\/account\/link\/[\w-]{43}$/);
  await t.notThrowsAsync(resetSecondFactor(deps, email));
  await t.notThrowsAsync(
    logIn(deps, visitor, { email, password: 'one more long phrase', ...origin }),
  );
});
