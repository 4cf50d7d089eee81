import test from 'ava';
import type { Scope } from 'rostra/plugin';
import { makeApp, openBrowser } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { cardOf } from './edit-form.ts';
import { makePeople } from './person.ts';
import { findWays } from './profile.sql.ts';
import { findHistory } from './story.sql.ts';

/** What a browser sends of the form that it was shown. */
function sent(body: string): Record<string, string[]> {
  const form: Record<string, string[]> = {};
  const add = (name = '', value = '') => {
    form[name] = [...(form[name] ?? []), value];
  };
  const fields =
    /<input(?=[^>]*type="(?:text|email|tel|hidden|date)")(?=[^>]*name="(\w+)")(?:(?=[^>]*value="([^"]*)")|)[^>]*>|<select[^>]*name="(\w+)"[\s\S]*?<\/select>/g;
  for (const [whole, name, value, select] of body.matchAll(fields)) {
    if (select) add(select, /value="([^"]*)" selected/.exec(whole)?.[1]);
    else add(name, value);
  }
  return form;
}

async function waysOf(scope: Scope, id: string) {
  const { emailAddresses, phoneNumbers, postalAddresses } = await findWays(scope, id);
  return {
    emails: emailAddresses.map(({ address, isPrimary }) => (isPrimary ? `${address}!` : address)),
    phones: phoneNumbers.map(({ address, status }) => `${address} ${status}`),
    posts: postalAddresses.map(({ line1, locality, country }) => [line1, locality, country].join()),
  };
}

test('addresses of each kind are added, changed, removed and put first, without scripts', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const scope = app.scope();
  const { id } = await makePeople(depsOf(app.get('people'))).upsert(scope, {
    ...{ givenName: 'Zoé', emailAddress: 'a@x.example', phoneNumber: '0612345601' },
    ...{ postalAddress: { line1: '1 rue A', locality: 'Lyon', country: 'FR' }, source: 'test' },
  });
  const { db } = app.house.database;
  await db.raw("update people.phone_number set status = 'bad' where person_id = ?", [id]);
  const staff = await app.staff();
  const page = `/admin/people/${id}/edit`;
  const fill = async (change: (form: Record<string, string[]>) => void) => {
    const form = sent((await staff.get(page)).body);
    change(form);
    return staff.post(page, form);
  };

  const more = await fill((form) => {
    t.deepEqual(form['emailAddress'], ['a@x.example', '']);
    form['emailAddress'] = ['a@x.example', 'B@x.example'];
    form['phoneNumber'] = ['+33612345601', '0612345602'];
    form['line1'] = ['1 rue A', '2 rue B'];
    form['locality'] = ['Lyon', 'Genève'];
    form['country'] = ['FR', 'CH'];
    form['mainEmailAddress'] = ['1'];
    form['mainPhoneNumber'] = ['1'];
    form['mainPost'] = ['1'];
  });
  t.is(more.status, 303);
  t.deepEqual(await waysOf(scope, id), {
    emails: ['b@x.example!', 'a@x.example'],
    phones: ['+41612345602 ok', '+33612345601 bad'],
    posts: ['2 rue B,Genève,CH', '1 rue A,Lyon,FR'],
  });

  const less = await fill((form) => {
    form['remove'] = ['emailAddress-0', 'phoneNumber-0', 'post-1'];
    form['line1'] = ['3 rue C', '1 rue A', ''];
  });
  t.is(less.status, 303);
  t.deepEqual(await waysOf(scope, id), {
    emails: ['a@x.example!'],
    phones: ['+33612345601 bad'],
    posts: ['3 rue C,Genève,CH'],
  });
  const changes = await findHistory(scope, id, 20);
  const posts = changes.filter(({ field }) => field === 'postalAddresses');
  t.deepEqual(
    posts.map(({ before, after }) => [before, after]),
    [
      ['2 rue B, Genève, CH\n1 rue A, Lyon, FR', '3 rue C, Genève, CH'],
      ['1 rue A, Lyon, FR', '2 rue B, Genève, CH\n1 rue A, Lyon, FR'],
    ],
  );
  const unchanged = await fill(() => undefined);
  t.is(unchanged.status, 303);
  t.is((await findHistory(scope, id, 20)).length, changes.length, 'nothing was changed');
});

test('what is wrong with an address is said at its row, and the others stay as typed', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const people = makePeople(depsOf(app.get('people')));
  const { id } = await people.upsert(app.scope(), { emailAddress: 'a@x.example', source: 'test' });
  await people.upsert(app.scope(), { emailAddress: 'taken@x.example', source: 'test' });
  const staff = await app.staff();
  const form = {
    emailAddress: ['a@x.example', 'no', ''],
    phoneNumber: ['', 'three'],
    version: '1',
  };
  const { status, body } = await staff.post(`/admin/people/${id}/edit`, form);
  t.is(status, 422);
  t.regex(body, /href="#f-emailAddress-1"/);
  t.regex(body, /id="f-phoneNumber-1-fault"/);
  t.notRegex(body, /id="f-emailAddress-0-fault"/);
  t.regex(body, /value="three"/);
  const taken = { ...form, emailAddress: ['a@x.example', 'taken@x.example'], phoneNumber: [''] };
  const refused = await staff.post(`/admin/people/${id}/edit`, taken);
  t.is(refused.status, 422);
  t.regex(refused.body, /id="f-emailAddress-1-fault"/);
});

test('a form that was tampered with is read as far as it goes', (t) => {
  const card = cardOf({ emailAddress: 'a', mainEmailAddress: '7', remove: 'post-9', line1: ['x'] });
  t.deepEqual(card.emailAddresses, ['a']);
  t.is(card.postalAddresses[0]?.line1, 'x');
  t.deepEqual(cardOf({}).postalAddresses, []);
});

test('the form with its rows can be used by all', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const { id } = await makePeople(depsOf(app.get('people'))).upsert(app.scope(), {
    ...{ givenName: 'Zoé', emailAddress: 'a@x.example', phoneNumber: '0612345601' },
    ...{ postalAddress: { line1: '1 rue A', locality: 'Lyon', country: 'FR' }, source: 'test' },
  });
  const { cookies } = await app.staff();
  for (const width of [390, 1440]) {
    const { page, violations } = await openBrowser(t, { width, dark: width === 390 });
    await page
      .context()
      .addCookies([...cookies].map(([name, value]) => ({ name, value, url: app.url })));
    await page.goto(`${app.url}/admin/people/${id}/edit`);
    t.deepEqual(await violations(), []);
    t.is(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0);
  }
});
