// Notes are taken away by who wrote them, or by staff who may edit everybody; never across chapters.
import test from 'ava';
import { makeApp } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { writeNote } from './note.ts';
import { makePeople } from './person.ts';

test('a volunteer takes away the own notes only, and is shown no other button', async (t) => {
  const app = await makeApp(t);
  const deps = depsOf(app.get('people'));
  const lyon = await app.chapter('Lyon');
  const fields = { emailAddress: 'ana@example.org', source: 'test' };
  const { id } = await makePeople(deps).upsert(app.scope(lyon), fields);
  const theirs = await writeNote(app.scope(), deps, id, 'Of the party');
  const page = `/admin/@lyon/people/${id}`;
  const author = await app.staff('chapter-volunteer', lyon);
  const colleague = await app.staff('chapter-volunteer', lyon);
  const organiser = await app.staff('organiser', lyon);
  for (const text of ['First', 'Second']) await author.post(`${page}/notes`, { text });
  const { body } = await author.get(page);
  const [second = '', first = ''] = [...body.matchAll(/\/notes\/(\d+)\/remove/g)].map(
    (match) => match[1] ?? '',
  );
  t.deepEqual([first, second].includes(theirs), false, 'no button at the party’s note');
  t.not(first, '');

  const remove = (note: string) => `${page}/notes/${note}/remove`;
  t.notRegex((await colleague.get(page)).body, /\/remove"/);
  t.regex((await colleague.get(page)).body, /First[\s\S]*|Second/);
  t.is((await colleague.post(remove(first), {})).status, 404);
  t.is((await colleague.post(remove(theirs), {})).status, 404);
  t.is((await author.post(remove(theirs), {})).status, 404);
  t.is((await author.post(remove(first), {})).status, 303);

  const seen = (await organiser.get(page)).body;
  t.true(seen.includes(remove(second)));
  t.false(seen.includes(remove(theirs)));
  t.is((await organiser.post(remove(theirs), {})).status, 404);
  t.is((await organiser.post(remove(second), {})).status, 303);

  const { rows } = await app.house.database.db.raw('select text from people.note');
  t.deepEqual(rows, [{ text: 'Of the party' }]);
  const administrator = await app.staff();
  t.is((await administrator.post(`/admin/people/${id}/notes/${theirs}/remove`, {})).status, 303);
});
