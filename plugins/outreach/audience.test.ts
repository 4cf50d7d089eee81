// A text to those who have a tag: whom each law lets it reach, what it says, how one leaves, and the record that stays.
import test from 'ava';
import { Consents } from 'rostra/people';
import { addressOf, content, makeTagged, scene } from './fixture.ts';
import { actOf, freeze } from './freeze.ts';
import { Outreach } from './index.ts';
import { run } from './run.ts';
import { findSend } from './send.sql.ts';

type Test = Parameters<typeof scene>[0];
const home = '/admin/@lyon/outreach';
const declared = 'no.special_categories';

/** Of the French chapter: a draft to the tag «bénévole», which each of `many` has. */
async function chosen(t: Test, many: Parameters<typeof makeTagged>[3]) {
  const s = await scene(t, { count: 1 });
  const tagged = await makeTagged(s.app, s.scope, 'bénévole', many);
  const outreach = s.app.get('outreach')(Outreach);
  const fields = { name: 'À nos bénévoles', tagId: tagged.tagId, content: { ...content } };
  const id = await outreach.create(s.scope, { ...fields, channel: 'email' });
  const staff = await s.app.staff();
  const release = (more: Record<string, string> = {}) =>
    staff.post(`${home}/${id}/release`, { version: '1', when: 'now', ...more });
  return { ...s, ...tagged, outreach, fields, id, staff, release };
}

test('in France those with a tag get it who agreed to be chosen, gave it themselves and are old enough; the page says why the others do not', async (t) => {
  const s = await chosen(t, [
    {},
    { yeses: ['email'] },
    { birthDate: '2009-11-26' },
    { birthDate: '' },
    { source: 'staff' },
    { yeses: ['targeting'] },
  ]);
  const page = (await s.staff.get(`${home}/${s.id}`)).body;
  t.regex(page, /1 person gets it/);
  t.regex(page, /of 6/);
  for (const why of [
    /Did not agree separately to be chosen by data\./,
    /Too young to be chosen by data\./,
    /The date of birth is not known/,
    /The e-mail address did not come from the person/,
    /No agreement is on record\./,
  ])
    t.regex(page, why);
  t.regex(page, /Reg\. \(EU\) 2024\/900/);
  t.regex(page, /Send the same newsletter to all who subscribed/, 'a lawful way round');
  const refused = await s.release();
  t.is(refused.status, 422);
  t.regex(refused.body, /It leaves once you say that this is so/);
  t.is((await findSend(s.scope, s.id))?.state, 'draft');
  t.is((await s.release({ declared })).status, 303);
  await s.app.drain();
  t.deepEqual(s.sink.readers(), [addressOf(500)]);

  const [mail] = s.sink.taken;
  t.regex(mail?.text ?? '', /Publicité à caractère politique/);
  t.regex(mail?.text ?? '', /d’après un mot de votre fiche.: «.bénévole.»/u);
  t.regex(mail?.text ?? '', /Parraineur.: Parti de l’Exemple/u);
  t.notRegex(mail?.text ?? '', /abonné à/);
  const headers = mail?.headerLines.map(({ line }) => line).join('\n') ?? '';
  t.regex(headers, /List-Unsubscribe-Post:\s+List-Unsubscribe=One-Click/);
  t.notRegex(
    String(mail?.html),
    /\/letters\//,
    'what went to a selection is on no page for others',
  );

  const [, notice = ''] =
    /href="http:\/\/localhost:\d+(\/transparency\/[^"]+)"/.exec(String(mail?.html)) ?? [];
  const told = await s.app.visitor().get(notice);
  t.is(told.status, 200, told.body);
  t.regex(told.body, /étiquette «.bénévole.»/u);
  t.notRegex(told.body, /lecteur|Jeanne/);
  t.is((await s.app.visitor().get('/transparency/0123456789')).status, 404);

  const record = (await s.staff.get(`${home}/selections`)).body;
  t.regex(record, /étiquette «.bénévole.»/u);
  t.regex(record, /capabilities\.audience\.segment/);
  t.regex(record, /Reg\. \(EU\) 2024\/900, art\. 19/);
  t.regex(record, /24 November 2033|24 Nov 2033|November 24, 2033/);
  const file = (await s.staff.get(`${home}/selections/file`)).body;
  t.regex(file, /bénévole/);
  t.regex(file, /2033-11-24/);
  t.notRegex(file, /lecteur|@example/);
});

test('whoever leaves such a message by one POST is not chosen any more and keeps their newsletters; twice is once', async (t) => {
  const s = await chosen(t, [{}]);
  const [reader = ''] = s.ids;
  await s.deps.newsletters.subscribe(s.scope, reader, s.newsletterId);
  await s.release({ declared });
  await s.app.drain();
  const [mail] = s.sink.taken;
  const header = mail?.headerLines.find(({ key }) => key === 'list-unsubscribe')?.line ?? '';
  const [, path = ''] = /(\/unsubscribe\/[^>\s]+)>/.exec(header.replace(/\s+/g, '')) ?? [];
  const visitor = s.app.visitor();
  const seen = await visitor.get(path);
  t.regex(seen.body, /ne doit plus me choisir d’après mes données/);
  const act = actOf({ reach: 'email' }, { tagId: s.tagId, declared: [declared] });
  const why = async (channel: 'email' | 'sms' = 'email') =>
    (await s.deps.reach.may(s.scope, reader, { ...act, channel }))?.why;
  t.is(await why(), 'yes', 'a look changes nothing');
  for (let twice = 0; twice < 2; twice += 1) {
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
    t.is((await visitor.ask('POST', path, { body })).status, 200);
  }
  t.is(await why(), 'withdrawn');
  t.is(await why('sms'), 'targeting-withdrawn', 'by no other way either');
  t.is((await s.counts(s.id)).left, 1);
  const names = (await s.deps.newsletters.of(s.scope, reader)).map(({ name }) => name);
  t.deepEqual(names, ['La lettre de Lyon']);
  const { rows } = await s.scope.db.raw(
    `select c.channel, d.wording from people.consent c join people.consent_detail d on d.consent_id = c.id
     where c.source = 'outreach.stop' order by c.id`,
  );
  t.deepEqual(
    rows.map(({ channel }: { channel: string }) => channel),
    ['email', 'targeting'],
  );
  t.true(seen.body.includes(rows[0].wording), 'in the words that stood above the button');

  const choose = `${path}/choose`;
  const choices = await visitor.get(choose);
  t.regex(choices.body, /Arrêter ces messages/);
  const wanted = new URLSearchParams([
    ['shown', s.newsletterId],
    ['do', 'save'],
  ]);
  t.is((await visitor.ask('POST', choose, { body: wanted })).status, 200);
  t.deepEqual(await s.deps.newsletters.of(s.scope, reader), []);
});

test('whoever loses the tag, or takes the agreement to be chosen back, after the list was frozen gets nothing', async (t) => {
  const s = await chosen(t, [{}, {}, {}]);
  const [untagged = '', unchosen = ''] = s.ids;
  await s.release({ declared });
  const send = await findSend(s.scope, s.id);
  if (!send) return t.fail();
  t.deepEqual(send.declared, [declared]);
  t.true(await freeze(s.scope, s.deps, send, actOf({ reach: 'email' }, send)));
  await s.scope.db.raw('delete from people.tagging where person_id = :untagged', { untagged });
  await s.app
    .get('outreach')(Consents)
    .withdraw(s.scope, {
      ...{ personId: unchosen, channel: 'targeting', purpose: 'targeting', wording: '' },
      ...{ locale: 'fr', source: 'staff', evidence: {} },
    });
  await run(s.scope, s.deps, s.id);
  t.deepEqual(s.sink.readers(), [addressOf(502)]);
  const { rows } = await s.scope.db.raw(
    `select answer from outreach.recipient where state = 'skipped' order by person_id`,
  );
  t.deepEqual(rows, [{ answer: 'not-tagged' }, { answer: 'targeting-withdrawn' }]);
  const { rows: kept } = await s.scope.db.raw('select people, tag from outreach.selection');
  t.deepEqual(kept, [{ people: 3, tag: 'bénévole' }], 'whom it was begun for');
});

test('a text goes to one audience: its own newsletter, or a tag that somebody has whom it sees', async (t) => {
  const s = await chosen(t, [{}]);
  const sister = s.app.scope(await s.app.chapter('Lille'));
  const fault = { code: 'core.invalid' };
  const fields = { ...s.fields, channel: 'email' };
  await t.throwsAsync(s.outreach.create(sister, fields), fault);
  await t.throwsAsync(s.outreach.create(s.scope, { ...fields, tagId: '999' }), fault);
  await t.throwsAsync(s.outreach.create(s.scope, { ...fields, tagId: undefined }), fault);
  const both = { ...fields, newsletterId: s.newsletterId };
  await t.throwsAsync(s.outreach.create(s.scope, both), fault);
  t.deepEqual(await s.outreach.audiences(sister), []);
  const values = (await s.outreach.audiences(s.scope)).flatMap(({ options }) => options);
  t.deepEqual(values, [
    { value: `newsletter-${s.newsletterId}`, label: 'La lettre de Lyon' },
    { value: `tag-${s.tagId}`, label: 'bénévole (1 personne)' },
  ]);
});

/** Of four with the tag: agreed to all, to e-mail alone, to nothing; and one whom staff entered, who agreed to e-mail. */
const four = [
  { yeses: ['email', 'sms', 'targeting'] },
  { yeses: ['email', 'sms'] },
  { yeses: [] },
  { yeses: ['email', 'sms'], source: 'staff' },
] as const;
const laws: [given: string, of: [string, string], mails: number, texts: number, says: RegExp][] = [
  ['a chapter in France', ['fr', '+336123'], 1, 1, /political.*sponsor.*transparency/],
  [
    'one in the United Kingdom',
    ['gb', '+447400'],
    2,
    2,
    /^(?!.*(political|transparency)).*selection/,
  ],
  ['one in the United States', ['us', '+120255'], 4, 3, /paid.*stop|stop.*paid/],
];

test('given a chapter in each of three countries, then its law says whom a tag may reach, and what is said to them', async (t) => {
  const s = await scene(t, { count: 0 });
  const outreach = s.app.get('outreach')(Outreach);
  for (const [given, [jurisdiction, number], mails, texts, says] of laws) {
    const scope = s.app.scope(await s.app.chapter(`In ${jurisdiction}`, jurisdiction));
    const from = 600 + 10 * laws.findIndex(([, [one]]) => one === jurisdiction);
    const people = four.map((one) => ({ ...one, number }));
    const { tagId } = await makeTagged(s.app, scope, `tag ${jurisdiction}`, people, from);
    t.is(await outreach.count(scope, { tagId, channel: 'email' }), mails, `${given}: by e-mail`);
    t.is(
      (await s.deps.reach.tell(scope, { channel: 'sms', purpose: 'targeting', tagId })).may > 0,
      jurisdiction !== 'us',
      `${given}: by text message, before its sender says what only they know`,
    );
    const sms = actOf({ reach: 'sms' }, { tagId, declared: [declared, 'registration.carrier'] });
    t.is((await s.deps.reach.tell(scope, sms)).may, texts, `${given}: by text message`);
    const frame = await outreach.frame(scope, { tagId, channel: 'email' });
    t.regex(
      frame
        .notices({ isDirect: true })
        .map(({ key }) => key)
        .join(' '),
      says,
      given,
    );
  }
});
