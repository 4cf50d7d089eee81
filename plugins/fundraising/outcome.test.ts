// Gifts by one link: counted for whoever sent it, their money shown to its treasurers alone, and what went back is off.
import test from 'ava';
import { sisterFaults } from 'rostra/testing';
import { giveBack } from './donation.ts';
import { aroundOf, makeRecipient, offerOf, officerOf, openDesk } from './fixture.ts';
import * as outcome from './outcome.sql.ts';
import { gifts } from './outcome.ts';
import { pledge, record } from './pledge.ts';

const tracking = '9f3a0b1c2d';

let shared: ReturnType<typeof openDesk>;
const ends: (() => unknown)[] = [];
test.before(() => {
  shared = openDesk({ teardown: (end) => void ends.push(end) }, 'fr');
});
test.after.always(async () => {
  for (const end of ends.reverse()) await end();
});

test.serial(
  'a gift by a link is counted once it is there, without what goes back, also when its donor is erased',
  async (t) => {
    const desk = await shared;
    const { app, deps, scope, recipient } = desk;
    const cameBy = async () => {
      const { count, money = [] } = (await gifts.cameBy(treasurer, tracking)) ?? {};
      return [count, ...money.map((one) => `${one.minor} ${one.currency}`)].join(' ');
    };
    const officer = await officerOf(desk, recipient.id, 'treasurer');
    const may = new Set(['fundraising.money.enter']);
    const treasurer = app.scope(undefined, { ...officer, permissions: may });
    t.is(await cameBy(), '0');
    const promise = { source: 'page', key: 'a promise', tracking } as const;
    await pledge(scope, deps, recipient, offerOf(scope, { method: 'card' }), promise);
    t.is(await cameBy(), '0', 'promised money is none yet');
    const around = aroundOf({ tracking });
    const first = await record(scope, deps, recipient, offerOf(scope), around);
    await record(scope, deps, recipient, offerOf(scope), around);
    await record(scope, deps, recipient, offerOf(scope, { amountMinor: 700 }), aroundOf());
    t.is(await cameBy(), '1 5000 EUR');
    const second = await record(scope, deps, recipient, offerOf(scope), aroundOf({ tracking }));
    await giveBack(scope, deps, first.id, { reference: 'v1', amountMinor: 2_000, account: 'bank' });
    t.is(await cameBy(), '2 8000 EUR');
    await giveBack(scope, deps, second.id, {
      reference: 'v2',
      amountMinor: 5_000,
      account: 'bank',
    });
    t.is(await cameBy(), '1 3000 EUR');
    await app.house.subjects.erase(app.scope(), first.personId ?? '');
    t.is(await cameBy(), '1 3000 EUR');

    const play = await makeRecipient(scope, { name: 'A trial', isTest: true });
    await record(scope, deps, play, offerOf(scope), aroundOf({ tracking }));
    t.is(await cameBy(), '1 3000 EUR', 'play money is none');
    const chapter = app.scope(await app.chapter('Lyon'));
    const local = await makeRecipient(chapter, { kind: 'local_party', name: 'Lyon' });
    await record(chapter, deps, local, offerOf(chapter), aroundOf({ tracking }));
    t.is(await cameBy(), '2 3000 EUR', 'a gift elsewhere is counted, and its money not told');
    const writer = { ...officer, accountId: '0', permissions: may };
    const asked = await gifts.cameBy(app.scope(undefined, writer), tracking);
    t.deepEqual(asked, { name: 'fundraising.outcome.gifts', count: 2 }, 'who holds no office');
  },
);

test.serial('a sister chapter reads no money that came by a link', async (t) => {
  const { app, deps } = await shared;
  const [own, sister] = [await app.chapter('Brest'), await app.chapter('Lille')];
  const scope = app.scope(own);
  await app.house.database.db.raw(
    `insert into core.account (id, email, name, locale, created_at) overriding system value
     values (0, 'staff@example.org', 'Staff', 'en', now())`,
  );
  const local = await makeRecipient(scope, { kind: 'local_party' });
  await scope.db('fundraising.office').insert({
    ...{ recipient_id: local.id, account_id: '0', duty: 'treasurer', since: scope.now() },
  });
  await record(scope, deps, local, offerOf(scope), aroundOf({ tracking }));
  const faults = await sisterFaults(
    { app, own, sister, folder: import.meta.dirname, files: /^outcome/, tables: [] },
    {
      reads: { sumTracked: (asked) => outcome.sumTracked(asked, tracking) },
      writes: {},
      unbounded: { countTracked: 'a count, for who knows the code' },
    },
  );
  t.deepEqual(faults, []);
});
