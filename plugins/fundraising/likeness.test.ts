// One donor under two names or mailboxes: the treasurer is asked, nothing is refused, and the answer holds.
import test from 'ava';
import { type Actor, type Scope, Subjects } from 'rostra/plugin';
import type { Donation } from './donation.sql.ts';
import { aroundOf, type Desk, makeRecipient, offerOf, officerOf, openDesk } from './fixture.ts';
import type { Identity } from './identity.ts';
import { findLikenesses } from './likeness.sql.ts';
import { spellingsOf, tellDonorsApart } from './likeness.ts';
import { openPayment } from './payment.ts';
import { settlePayment } from './payment-settle.ts';
import { openCounter, page, paymentOf, promise } from './payments/fixture.ts';
import { record } from './pledge.ts';
import type { Recipient } from './recipient.sql.ts';
import { findOpenEnds } from './recipient.sql.ts';
import { findWaiting } from './report.sql.ts';
import { findExcessTasks } from './task.sql.ts';

interface Giving {
  recipient?: Recipient;
  amountMinor?: number;
}

async function give(
  desk: Desk,
  identity: Partial<Identity>,
  { recipient = desk.recipient, amountMinor = 500_000 }: Giving = {},
): Promise<Donation> {
  const { scope, deps } = desk;
  const whole = { ...offerOf(scope).identity, ...identity };
  const offer = offerOf(scope, { amountMinor, identity: whole });
  const donation = await record(scope, deps, recipient, offer, aroundOf());
  await desk.app.drain();
  return donation;
}

const as = <T>({ app, scope }: Desk, actor: Actor, act: (own: Scope) => Promise<T>) =>
  app.house.scopes.with({ organizationId: scope.organization.id, actor }, act);
const home = { line1: '2 rue Haute', postcode: '69001', locality: 'Lyon', country: 'FR' };
const asked = ({ scope, recipient }: Desk) => findLikenesses(scope, recipient.id);

test('a name is looked for in each way in which it is written', (t) => {
  const spellings = spellingsOf({ givenName: 'Jean-Pierre', familyName: 'Roux' });
  for (const one of ['Roux Jean Pierre', 'Roux JeanPierre', 'Jean-Pierre Roux']) {
    t.true(spellings.includes(one), one);
  }
  t.deepEqual(spellingsOf({ legalName: 'The works' }), []);
});

test.serial(
  'who passes the cap under another spelling from another mailbox is asked about, and refused nothing',
  async (t) => {
    const desk = await openDesk(t, 'fr');
    await give(desk, { emailAddress: 'zoe@example.org', givenName: 'Zoé-Anne' });
    const far = { ...home, postcode: '33000', locality: 'Bordeaux' };
    await give(desk, { emailAddress: 'far@example.org', givenName: 'Zoé-Anne', address: far });
    t.deepEqual(await asked(desk), [], 'a name alone says nothing');
    const second = { emailAddress: 'z.martin@example.com', givenName: 'ZOE ANNE' };
    const other = await give(desk, { ...second, familyName: 'martin' });
    t.is(other.state, 'accepted');
    const [task, ...more] = await asked(desk);
    t.is(more.length, 0);
    t.is(task?.why, 'address');
    t.is(task?.togetherMinor, 1_000_000);
    t.deepEqual(
      task?.donors.map(({ identity, givenMinor }) => [identity.emailAddress, givenMinor]),
      [
        ['z.martin@example.com', 500_000],
        ['zoe@example.org', 500_000],
      ],
    );
    const waiting = await findWaiting(desk.scope, desk.recipient.id);
    const likeness = waiting.find(({ kind }) => kind === 'likeness');
    t.deepEqual([likeness?.count, likeness?.minor], [1, 250_000]);
    t.true((await findOpenEnds(desk.scope, desk.recipient.id)).includes('likeness'));
    const subjects = desk.app.get('privacy')(Subjects);
    const rows: string[] = [];
    for await (const { table, row } of subjects.export(desk.scope, other.personId ?? '')) {
      if (table === 'fundraising.likeness') rows.push(JSON.stringify(row));
    }
    t.is(rows.length, 1);
    t.notRegex(rows.join(), /zoe@/);
  },
);

test.serial(
  'two who live apart and were born on one day under one name are asked about',
  async (t) => {
    const desk = await openDesk(t, 'fr');
    const born = async (gift: Donation) =>
      desk.app.house.database.db.raw(
        `update people.person set birth_date = '1980-02-03' where id = :id`,
        { id: gift.personId ?? '' },
      );
    await born(await give(desk, { emailAddress: 'one@example.org' }, { amountMinor: 400_000 }));
    const far = { ...home, postcode: '33000', locality: 'Bordeaux' };
    const elsewhere = { emailAddress: 'two@example.org', address: far };
    await born(await give(desk, elsewhere, { amountMinor: 300_000 }));
    t.deepEqual(await asked(desk), [], 'within the cap together');
    await give(desk, elsewhere, { amountMinor: 100_000 });
    t.is((await asked(desk))[0]?.why, 'birth_date');
  },
);

test.serial(
  'three who are each within the cap, and two by two as well, are asked about together',
  async (t) => {
    const desk = await openDesk(t, 'fr');
    const gave = [];
    for (const box of ['a', 'b', 'c']) {
      const emailAddress = `${box}@example.org`;
      gave.push(await give(desk, { emailAddress }, { amountMinor: 300_000 }));
    }
    t.is((await asked(desk)).length, 2);
    const [one, two, three] = gave.map(({ personId }) => personId ?? '');
    const subjects = desk.app.get('privacy')(Subjects);
    await subjects.merge(desk.scope, three ?? '', one ?? '');
    t.is((await asked(desk)).length, 1, 'the two that are left are over it');
    await subjects.merge(desk.scope, two ?? '', one ?? '');
    t.deepEqual(await asked(desk), []);
    const [excess] = await findExcessTasks(desk.scope, desk.recipient.id);
    t.is(excess?.excessMinor, 150_000);
  },
);

test.serial(
  'two who were told apart are never asked about again, and both find it among the acts on their data',
  async (t) => {
    const desk = await openDesk(t, 'fr');
    const one = await give(desk, { emailAddress: 'father@example.org' });
    const other = await give(desk, { emailAddress: 'son@example.org' });
    const [task] = await asked(desk);
    const treasurer = await officerOf(desk, desk.recipient.id, 'treasurer');
    const accountant = await officerOf(desk, desk.recipient.id, 'accountant');
    const { deps, recipient } = desk;
    const apart = (actor: typeof treasurer) =>
      as(desk, actor, (own) => tellDonorsApart(own, deps, recipient.id, task?.id ?? ''));
    await t.throwsAsync(apart(accountant), { code: 'core.forbidden' });
    await apart(treasurer);
    t.deepEqual(await asked(desk), []);
    await t.throwsAsync(apart(treasurer), { code: 'core.not-found' }, 'once');
    await give(desk, { emailAddress: 'son@example.org' }, { amountMinor: 100_000 });
    t.deepEqual(await asked(desk), []);
    const noted = await desk.app.house.database.db.raw(
      `select d.person_id as id from core.audit a join core.audit_detail d on d.audit_id = a.id
       where a.act = 'fundraising.donors.told-apart'`,
    );
    t.deepEqual(
      noted.rows.map(({ id }: { id: string }) => id).sort(),
      [one.personId, other.personId].sort(),
    );
  },
);

test.serial(
  'the treasurer reads who is alike on the recipient’s page, merges their records or tells them apart',
  async (t) => {
    const desk = await openDesk(t, 'fr');
    const { app, recipient } = desk;
    const treasurer = await app.staff('treasurer');
    await desk.scope.write((own) =>
      own.db.raw(
        `insert into fundraising.office (recipient_id, account_id, duty, since)
         select :id, max(a.id), 'treasurer', :now from core.account a`,
        { id: recipient.id, now: own.now() },
      ),
    );
    await give(desk, { emailAddress: 'father@example.org' });
    await give(desk, { emailAddress: 'son@example.org' });
    const path = `/admin/fundraising/${recipient.id}`;
    const { body } = await treasurer.get(path);
    t.regex(body, /Zoé Martin \(father@example\.org\) gave €5,000\.00/);
    t.regex(body, /€2,500\.00 over the cap/);
    t.regex(body, /Same name, same postcode/);
    t.regex((await treasurer.get('/admin')).body, /may be one person/);
    const act = /action="([^"]+apart)"/.exec(body)?.[1] ?? '';
    t.is((await treasurer.post(act, {})).status, 303);
    t.notRegex((await treasurer.get(path)).body, /They are two people/);
    t.is((await treasurer.post(`${path}/likeness/none/apart`, {})).status, 404);
  },
);

test.serial(
  'a gift to another recipient under the same cap counts, and is shown to its own office alone',
  async (t) => {
    const desk = await openDesk(t, 'fr');
    const other = await makeRecipient(desk.scope, { kind: 'local_party' });
    await give(desk, { emailAddress: 'there@example.org' }, { recipient: other });
    await give(desk, { emailAddress: 'here@example.org' });
    const actor = await officerOf(desk, desk.recipient.id, 'treasurer');
    const [task] = await as(desk, actor, (own) => findLikenesses(own, desk.recipient.id));
    t.is(task?.togetherMinor, 1_000_000);
    const [here, there] = task?.donors ?? [];
    t.is(here?.identity.emailAddress, 'here@example.org');
    t.deepEqual(there?.identity, {});
    t.is(there?.donationId, undefined);
  },
);

test.serial('one card that pays for two names is asked about', async (t) => {
  const counter = await openCounter(t);
  for (const card of ['a', 'b', 'b']) {
    const { id } = await promise(counter, counter.scope, 400_000);
    const { reference } = await openPayment(counter.scope, counter.deps, id, page);
    counter.stripe.pay(reference, { card });
    await settlePayment(counter.scope, counter.deps, (await paymentOf(counter, id)).id);
    await settlePayment(counter.scope, counter.deps, (await paymentOf(counter, id)).id);
  }
  const [task, ...more] = await asked(counter);
  t.is(more.length, 0);
  t.is(task?.why, 'payer');
  t.is(task?.togetherMinor, 800_000);
  const kept = await counter.app.house.database.db.raw(
    `select count(*)::int as count from fundraising.donor_alias a where encode(a.hash, 'escape') like '%b%card%'`,
  );
  t.is(kept.rows[0].count, 0);
});
