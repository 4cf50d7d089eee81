// The API of the money: what an office holder reads by a program, and that nobody else reads anything.
import test from 'ava';
import { aroundOf, makeRecipient, offerOf, openDesk } from './fixture.ts';
import { record } from './pledge.ts';

const json = { accept: 'application/json' };

test('a program reads the gifts of the recipients in office page by page, and no others', async (t) => {
  const desk = await openDesk(t, 'fr');
  const { app, scope, deps, recipient } = desk;
  const other = await makeRecipient(scope, { name: 'Another' });
  const treasurer = await app.staff('treasurer');
  await scope.write((own) =>
    own.db.raw(
      `insert into fundraising.office (recipient_id, account_id, duty, since)
       select :id, max(id), 'accountant', :now from core.account`,
      { id: recipient.id, now: own.now() },
    ),
  );
  const ids: string[] = [];
  for (const amountMinor of [1_000, 2_000, 3_000]) {
    const offer = offerOf(scope, { amountMinor });
    ids.unshift((await record(scope, deps, recipient, offer, aroundOf())).id);
  }
  const base = '/api/v1/fundraising/recipients';
  const read = async (path: string) => JSON.parse((await treasurer.get(base + path, json)).body);
  const { recipients } = await read('');
  t.deepEqual(
    recipients.map(({ id }: { id: string }) => id),
    [recipient.id],
  );
  const first = await read(`/${recipient.id}/donations?limit=2`);
  t.is(first.next, ids[1]);
  t.like(first.donations[0], { id: ids[0], amountMinor: 3_000, state: 'accepted' });
  t.is(first.donations[0].donor.name, 'Zoé Martin');
  const second = await read(`/${recipient.id}/donations?limit=2&before=${first.next}`);
  t.deepEqual(
    second.donations.map(({ id }: { id: string }) => id),
    [ids[2]],
  );
  t.is(second.next, undefined);
  t.deepEqual((await read(`/${recipient.id}/donations?state=held`)).donations, []);
  t.is((await treasurer.get(`${base}/${other.id}/donations`, json)).status, 404);
  const organiser = await app.staff('organiser');
  t.deepEqual(JSON.parse((await organiser.get(base, json)).body), { recipients: [] });
  t.is((await app.visitor().get(base, json)).status, 403);
});
