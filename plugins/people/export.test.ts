import test from 'ava';
import type { Scope } from 'rostra/plugin';
import { makeApp } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { exportPeople } from './export.ts';
import { no, yes } from './import-cells.ts';
import { guessFields } from './import-fields.ts';
import { makePeople } from './person.ts';
import { suppress } from './suppression.ts';

test('an export of people who are named holds nobody else, whatever stands for their names', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const people = makePeople(depsOf(app.get('people')));
  const list = ['a@x.example', 'b@x.example'].map((emailAddress) => ({
    emailAddress,
    source: 'test',
  }));
  const [one] = await people.upsertMany(app.scope(), list);
  const staff = await app.staff('organiser');
  const take = (ids: string) =>
    staff.post('/admin/people/export', { columns: 'emailAddress', reason: 'A call', ids });
  const named = await take(one?.id ?? '');
  t.regex(named.body, /a@x\.example/);
  t.notRegex(named.body, /b@x\.example/);
  // The audit row would name "x", and everybody would be in the file.
  t.notRegex((await take('x')).body, /@x\.example/);
  t.regex((await take('')).body, /b@x\.example/);
});

test('an address never goes out without its stop, and the import of another house reads it', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const deps = depsOf(app.get('people'));
  const scope = app.scope();
  const make = (name: string, phoneNumber?: string) =>
    makePeople(deps).upsert(scope, {
      ...{ emailAddress: `${name}@x.example`, source: 'test' },
      ...(phoneNumber && { phoneNumber }),
    });
  const gone = await make('gone');
  const left = await make('left', '+33612345678');
  const mute = await make('mute', '+33612345679');
  await make('fine', '+33612345680');
  const email = (name: string) => ({ kind: 'email' as const, address: `${name}@x.example` });
  await suppress(scope, deps, { personId: gone.id, ...email('gone'), reason: 'objection' });
  await suppress(scope, deps, { personId: left.id, ...email('left'), reason: 'unsubscribed' });
  const phone = { kind: 'phone' as const, address: '+33612345679' };
  await suppress(scope, deps, { personId: mute.id, ...phone, reason: 'objection' });
  // Of whom nothing but the hash is known any more.
  await scope.db.raw('update people.suppression set person_id = null');
  const csv = await exportedBy(scope);
  t.deepEqual(csv.split('\r\n').slice(0, 5), [
    '\uFEFFE-mail address,Phone number,Do not contact,Do not call,Unsubscribed,SMS opt-in',
    'gone@x.example,,yes,,yes,',
    "left@x.example,'+33612345678,,,yes,",
    "mute@x.example,'+33612345679,,yes,,",
    "fine@x.example,'+33612345680,,,,",
  ]);
  for (const locale of ['en', 'fr']) {
    const header = ['doNotContact', 'doNotCall', 'unsubscribed', 'mobileOptIn'];
    const { default: texts } = await import(`./locales/${locale}.json`, { with: { type: 'json' } });
    t.deepEqual(guessFields(header.map((name) => texts[`people.field.${name}`])), header, locale);
    t.true(yes.has(texts['people.export.yes']) && no.has(texts['people.export.no']), locale);
  }
});

async function exportedBy(scope: Scope): Promise<string> {
  const columns = ['emailAddress', 'phoneNumber'];
  let text = '';
  for await (const part of exportPeople(scope, { columns, filters: {}, ids: [] })) text += part;
  return text;
}
