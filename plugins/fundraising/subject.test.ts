// A donor's rights: the copy, the erasure that keeps what a law wants kept, and two records that become one.
import test from 'ava';
import { Subjects } from 'rostra/plugin';
import { giveBack } from './donation.ts';
import { again, aroundOf, type Desk, offerOf, openDesk } from './fixture.ts';
import { pledge, record } from './pledge.ts';
import { findExcessTasks, settleExcess } from './task.sql.ts';

const identityOf = (desk: Desk, emailAddress: string, familyName = 'Martin') => ({
  ...offerOf(desk.scope).identity,
  ...{ emailAddress, familyName },
});

const take = (desk: Desk, emailAddress: string, amountMinor = 5_000, familyName = 'Martin') =>
  record(
    desk.scope,
    desk.deps,
    desk.recipient,
    offerOf(desk.scope, { amountMinor, identity: identityOf(desk, emailAddress, familyName) }),
    aroundOf(),
  );

test.serial(
  'a donor’s copy holds each gift, and an erasure leaves the sum and nothing of the donor',
  async (t) => {
    const desk = await openDesk(t, 'fr');
    const donation = await take(desk, 'zoe@example.org');
    const personId = donation.personId ?? '';
    const subjects = desk.app.get('privacy')(Subjects);
    const rows: string[] = [];
    for await (const { table, row } of subjects.export(desk.scope, personId)) {
      rows.push(`${table} ${JSON.stringify(row)}`);
    }
    t.true(rows.some((row) => row.startsWith('fundraising.donation') && row.includes('Martin')));

    await subjects.erase(desk.scope, personId);
    const { db } = desk.app.house.database;
    const left = await db.raw(
      `select d::text as one from fundraising.donation d union all select g::text from fundraising.donor g`,
    );
    t.false(left.rows.some(({ one }: { one: string }) => /Martin|zoe@|Haute/i.test(one)));
    const kept = await again(desk, donation.id);
    t.is(kept.state, 'accepted');
    t.is(kept.amountMinor, 5_000);
    const sealed = await db.raw(
      `select why, until, sealed from privacy.kept where plugin = 'fundraising'`,
    );
    t.is(sealed.rows.length, 1);
    t.is(sealed.rows[0].why, 'retention.donation');
    t.notRegex(sealed.rows[0].sealed, /Martin/);
  },
);

test.serial('who was erased and gives again stands under the same cap', async (t) => {
  const desk = await openDesk(t, 'fr');
  const { personId } = await take(desk, 'zoe@example.org', 700_000);
  await desk.app
    .get('privacy')(Subjects)
    .erase(desk.scope, personId ?? '');
  await t.throwsAsync(take(desk, 'zoe@example.org', 100_000), { message: /core.invalid/ });
  t.is((await take(desk, 'zoe@example.org', 50_000)).state, 'accepted');
});

test.serial(
  'two records that become one pass the cap together: the treasurer has to send the rest back',
  async (t) => {
    const desk = await openDesk(t, 'fr');
    const one = await take(desk, 'zoe@example.org', 500_000);
    const other = await take(desk, 'z.martin@example.org', 400_000);
    t.not(one.personId, other.personId);
    const subjects = desk.app.get('privacy')(Subjects);
    await subjects.merge(desk.scope, other.personId ?? '', one.personId ?? '');
    const [task, ...more] = await findExcessTasks(desk.scope, desk.recipient.id);
    t.is(more.length, 0);
    t.is(task?.excessMinor, 150_000);
    t.is((await again(desk, other.id)).personId, one.personId);
    const back = { reference: 'cheque 1', amountMinor: 150_000, account: 'bank' } as const;
    await giveBack(desk.scope, desk.deps, task?.donationId ?? '', back);
    await desk.scope.write((own) => settleExcess(own, task?.donationId ?? ''));
    t.deepEqual(await findExcessTasks(desk.scope, desk.recipient.id), []);
  },
);

test.serial('a couple on one mailbox are two donors, each under a cap of their own', async (t) => {
  const desk = await openDesk(t, 'fr');
  await take(desk, 'home@example.org', 600_000, 'Martin');
  const other = await take(desk, 'home@example.org', 600_000, 'Durand');
  t.is(other.state, 'accepted');
});

test.serial('what was typed and never paid is emptied after ninety days', async (t) => {
  const desk = await openDesk(t, 'fr');
  const offer = offerOf(desk.scope, { method: 'card' });
  const donation = await pledge(desk.scope, desk.deps, desk.recipient, offer, aroundOf());
  await desk.app.house.database.db.raw(
    `update fundraising.donation set state = 'refused', why = 'expired', settled_at = ? where id = ?`,
    [new Date(desk.scope.now().getTime() - 91 * 24 * 3600_000), donation.id],
  );
  await desk.app.drain();
  const { default: plugin } = await import('./plugin.ts');
  const { subject } = plugin.contribute(desk.app.get('fundraising'));
  await subject?.forget?.(desk.scope);
  t.deepEqual((await again(desk, donation.id)).identity, {});
});
