// Tags by rule, by text message: which answers put one, on whom, and on whom never.
import test from 'ava';
import { numberOf, scene as sceneOf } from './fixture.ts';

/** One server for all, who take turns; each begins without rules and tags. */
let shared: ReturnType<typeof open>;
const ends: (() => unknown)[] = [];
test.before(() => {
  shared = open({ teardown: (end) => void ends.push(end) });
});
test.after.always(async () => {
  for (const end of ends.reverse()) await end();
});

async function scene() {
  const s = await shared;
  await s.scope.db.raw('delete from people.tagging; delete from outreach.tag_rule');
  return s;
}

async function open(t: Parameters<typeof sceneOf>[0]) {
  const s = await sceneOf(t, { count: 4 });
  const staff = await s.app.staff();
  const tagged = async (): Promise<string[]> => {
    const found = await s.scope.db.raw(
      `select n.number, t.name from people.tagging g join people.tag t on t.id = g.tag_id
         join people.phone_number n on n.person_id = g.person_id order by n.number, t.name`,
    );
    return found.rows.map((row: { number: string; name: string }) =>
      [row.number.slice(-1), row.name].join(' '),
    );
  };
  await s.scope.db.raw(
    `insert into people.relation (person_id, kind, since, created_at)
     select p.id, 'regular_contact', '2026-01-01', :now from people.person p
     where not exists (select from people.relation r where r.person_id = p.id)`,
    { now: s.scope.now() },
  );
  const add = (words: string, tag: string, of = '') =>
    staff.post('/admin/outreach/tags', { words, tag, of });
  const rules = async () => {
    const found = await s.scope.db.raw(
      'select id, put, kept_off as "keptOff" from outreach.tag_rule order by id',
    );
    return found.rows as { id: string; put: number; keptOff: number }[];
  };
  return { ...s, staff, tagged, add, rules };
}

test.serial(
  'an answer with the word puts the tag once, with its source, and staff take it off',
  async (t) => {
    const s = await scene();
    t.is((await s.add('vélo, bicyclette', 'Cyclistes')).status, 303);
    await s.hear('Oui, le VELO !', numberOf(1));
    await s.hear('vélo encore', numberOf(1));
    await s.hear('voiture', numberOf(2));
    t.deepEqual(await s.tagged(), ['1 Cyclistes']);
    const [, one = ''] = s.ids;
    const profile = await s.staff.get(`/admin/people/${one}`);
    t.regex(profile.body, /Tagged “Cyclistes” by their answer/);
    const { rows } = await s.scope.db.raw(
      `select kind, reference from people.provenance where person_id = :one and field = 'tag'`,
      { one },
    );
    t.deepEqual(rows, [{ kind: 'plugin', reference: 'sms.answer' }]);
    const audit = await s.scope.db.raw(
      `select d.details from core.audit a join core.audit_detail d on d.audit_id = a.id
       where a.act like '%person.tagged' and d.person_id = :one`,
      { one },
    );
    t.deepEqual(
      audit.rows.map(({ details }: { details: object }) => details),
      [{ tag: 'Cyclistes', people: 1, source: 'sms.answer' }],
    );
    t.regex((await s.staff.get('/admin/outreach/tags')).body, /1 person has got it/);
    const [tag] = (await s.scope.db.raw('select id from people.tag')).rows;
    t.is((await s.staff.post(`/admin/people/${one}/tags/${tag.id}/remove`, {})).status, 303);
    t.deepEqual(await s.tagged(), []);
  },
);

test.serial(
  'a rule of one text hears the answers to it alone, and not those to another',
  async (t) => {
    const s = await scene();
    const [id, other] = [await s.write(), await s.write('Un autre texte.')];
    await s.add('oui', 'Samedi', id);
    await s.add('oui', 'Dimanche', other);
    await s.add('oui', 'Toujours');
    await s.hear('oui', numberOf(2));
    t.deepEqual(await s.tagged(), ['2 Toujours'], 'it answers nothing of ours');
    await s.staff.post(`/admin/outreach/${id}/release`, { version: '1', when: 'now' });
    await s.app.drain();
    await s.hear('oui', numberOf(1));
    t.deepEqual(await s.tagged(), ['1 Samedi', '1 Toujours', '2 Toujours']);
    const page = await s.staff.get('/admin/outreach/tags');
    t.regex(page.body, /Answers to “essai \(Text message\)”/);
  },
);

test.serial('what cannot be a rule is said beside its field, with what was typed', async (t) => {
  const s = await scene();
  t.regex((await s.staff.get('/admin/outreach/tags')).body, /No rule yet/);
  for (const [words, tag, said] of [
    [', ;', 'Cyclistes', /Write at least one word/],
    ['vélo, Arrêt', 'Cyclistes', /“Arrêt” ends messages/],
    ['!!!', 'Cyclistes', /no word that could be found/],
    ['vélo', '', /Please fill this in/],
    ['vélo', 'x'.repeat(61), /60/],
  ] as const) {
    const answer = await s.add(words, tag);
    t.is(answer.status, 422, words);
    t.regex(answer.body, said);
    t.true(answer.body.includes(`value="${words}"`), 'nothing typed is lost');
  }
  await s.add('vélo', 'Cyclistes', '999');
  t.deepEqual(await s.rules(), []);
  await s.add('vélo', 'Cyclistes');
  const [rule] = await s.rules();
  t.is((await s.staff.post(`/admin/outreach/tags/${rule?.id}/remove`, {})).status, 303);
  t.deepEqual(await s.rules(), []);
});

test.serial(
  'nobody is tagged who objected, said stop, shares the number, or of whom the law lets nothing be noted',
  async (t) => {
    const s = await scene();
    await s.add('vélo', 'Cyclistes');
    const [zero = '', , two = ''] = s.ids;
    await s.deps.consents.stopAll(s.scope, zero, 'objection');
    await s.hear('vélo', numberOf(0));
    await s.hear('stop', numberOf(1));
    await s.hear('vélo', numberOf(1));
    await s.hear('vélo, mais stop', numberOf(2));
    await s.scope.db.raw(
      `update people.relation set kind = 'occasional_contact' where person_id = :two`,
      { two },
    );
    await s.hear('vélo', numberOf(2));
    await s.deps.people.upsert(s.scope, {
      ...{ emailAddress: 'shares@example.org', source: 'website.sign-up' },
      phoneNumber: numberOf(3),
    });
    await s.hear('vélo', numberOf(3));
    t.deepEqual(await s.tagged(), []);
    const [rule] = await s.rules();
    t.like(rule, { put: 0, keptOff: 3 });
  },
);

test.serial(
  'rules that were kept for text messages alone are kept for all, with what they counted',
  async (t) => {
    const s = await scene();
    await s.add('vélo, bicyclette', 'Cyclistes');
    await s.scope.db.raw('update outreach.tag_rule set put = 3, kept_off = 1');
    const { db } = s.app.house.database;
    const step = new URL('../../migrations/sms/0005_tag_rule_moved.ts', import.meta.url);
    const { up, down } = await import(step.href);
    const all = async () =>
      (await db.raw('select words, tag, send_id, put, kept_off, created_at from outreach.tag_rule'))
        .rows;
    const before = await all();
    await down(db);
    t.deepEqual(await all(), []);
    await up(db);
    t.deepEqual(await all(), before);
    t.is(before.length, 1);
  },
);
