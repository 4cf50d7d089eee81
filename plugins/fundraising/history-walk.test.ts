// The walk of a file of gifts from before, as staff go it without a script; and who may not go it.
import test from 'ava';
import { type Desk, openDesk } from './fixture.ts';

async function officer(desk: Desk, duty: 'delegate' | 'accountant') {
  const { app, scope, recipient } = desk;
  const client = await app.staff('treasurer');
  await scope.write((own) =>
    own.db.raw(
      `insert into fundraising.office (recipient_id, account_id, duty, since)
       select :id, max(id), :duty, :now from core.account`,
      { id: recipient.id, duty, now: own.now() },
    ),
  );
  return client;
}

function uploadOf(content?: string): FormData {
  const form = new FormData();
  if (content) form.append('file', new File([content], 'gifts.csv', { type: 'text/csv' }));
  return form;
}

const csv =
  'Date,Amount,Email,Name\n2024-01-05,20,ana@example.org,Ana Sol\n2024-01-06,x,bo@example.org,Bo\n';

test('a file is uploaded, looked through, brought in, and its refused row taken back', async (t) => {
  const desk = await openDesk(t, 'fr');
  const { app, recipient } = desk;
  const delegate = await officer(desk, 'delegate');
  const home = `/admin/fundraising/${recipient.id}/history`;
  const none = await delegate.post(home, uploadOf());
  t.is(none.status, 422);
  t.regex(none.body, /Choose a file first/);
  const kept = await delegate.post(home, uploadOf(csv));
  t.is(kept.status, 303);
  const page = kept.location ?? '';
  const columns = await delegate.get(page);
  t.regex(columns.body, /2024-01-05/);
  t.regex(columns.body, /value="givenOn" selected/);
  const plan = { method: 'cheque', dateOrder: 'day' };
  const bad = await delegate.post(`${page}/check`, {
    ...plan,
    field: ['givenOn', 'amount', '-', '-'],
  });
  t.is(bad.status, 422);
  t.regex(bad.body, /Say which columns/);
  t.regex(bad.body, /value="cheque" selected/);
  const fields = ['givenOn', 'amount', 'email', 'fullName'];
  t.is((await delegate.post(`${page}/check`, { ...plan, field: fields })).location, page);
  t.regex((await delegate.get(page)).body, /Is looked through/);
  await app.drain();
  const checked = await delegate.get(page);
  t.regex(checked.body, /Bring in 1 gift/);
  t.regex(checked.body, /The amount cannot be read/);
  t.regex((await delegate.get(`${page}/columns`)).body, /value="cheque" selected/);
  t.is((await delegate.post(`${page}/run`, {})).status, 303);
  t.regex((await delegate.get(page)).body, /Is brought in/);
  await app.drain();
  t.regex((await delegate.get(page)).body, /1 gift is in the books of before. 1 row was refused./);
  const refused = await delegate.get(`${page}/refused`);
  t.regex(refused.body, /2024-01-06,x,bo@example.org,Bo,/);
  const list = await delegate.get(`/admin/fundraising/${recipient.id}/donations?source=history`);
  t.regex(list.body, /Ana Sol/);
  t.regex(list.body, /Before Rostra/);
  const broken = await delegate.post(home, uploadOf('date,amount\n"1'));
  t.regex(broken.body, /The file breaks at line/);
  t.is((await delegate.post(`${page}/discard`, {})).location, home);
  t.is((await delegate.get(page)).status, 404);
  const accountant = await officer(desk, 'accountant');
  t.is((await accountant.get(home)).status, 403);
  t.is((await (await app.staff('treasurer')).get(home)).status, 404);
});
