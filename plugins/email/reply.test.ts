// What staff do with an answer: find it, write back, be done with it; and who of them may.
import test from 'ava';
import { simpleParser } from 'mailparser';
import { Consents } from 'rostra/people';
import { sisterFaults } from 'rostra/testing';
import * as answers from './answer.sql.ts';
import { hearAnswers } from './answer.ts';
import { readMailbox } from './bounce-mailbox.ts';
import * as replies from './reply.sql.ts';
import { sendReply } from './reply.ts';
import { makeSubject } from './subject.ts';
import { gmail, type Letter, letterOf, mutt, scene as sceneOf } from './testing/fixture.ts';
import { saveWelcome, switchWelcome } from './welcome.sql.ts';
import { welcome } from './welcome.ts';

type Scene = Awaited<ReturnType<typeof sceneOf>>;

/** One server for all, who take turns; each begins without answers. */
let shared: Promise<Scene & { letters: Letter[] }>;
const ends: (() => unknown)[] = [];
test.before(() => {
  shared = open({ teardown: (end) => void ends.push(end) });
});
test.after.always(async () => {
  for (const end of ends.reverse()) await end();
});

async function open(t: Parameters<typeof sceneOf>[0], more = {}) {
  const s = await sceneOf(t, {}, more);
  return { ...s, letters: await s.sent() };
}

async function scene() {
  const s = await shared;
  await s.scope.db.raw('delete from email.answer');
  s.imap.folders.set('INBOX', []);
  const [letter] = s.letters as [Letter];
  const staff = await s.app.staff('organiser');
  const put = async (source: string) => {
    s.imap.put(source);
    await s.read();
    const id = (await s.kept()).at(-1)?.id ?? '';
    return { id, at: `/admin/email/answers/${id}` };
  };
  return { ...s, letter, staff, put };
}

/** The newest that the mail server took. */
const newest = (s: Scene) => simpleParser(s.sink.taken.at(-1)?.source ?? '');

test.serial(
  'staff write back: one mail in the thread, in the newsletter’s name, and the next answer is theirs again',
  async (t) => {
    const s = await scene();
    const head = ['References: <a@mail.example> <b@mail.example>'];
    const bare = { ...s.letter, messageId: '' };
    const { at } = await s.put(
      mutt(bare, { said: 'À quelle heure ?', id: '<q@mail.example>', head }),
    );
    const before = s.sink.taken.length;
    t.is(
      (await s.staff.post(`${at}/reply`, { text: 'À 18 h.\n<b>Devant</b> la mairie.' })).status,
      303,
    );
    await s.app.drain();
    t.is(s.sink.taken.length, before + 1);
    const mail = await newest(s);
    t.is(mail.inReplyTo, '<q@mail.example>');
    t.deepEqual([mail.references].flat(), [
      '<a@mail.example>',
      '<b@mail.example>',
      '<q@mail.example>',
    ]);
    t.is(mail.subject, 'Re: La lettre');
    t.is(mail.replyTo?.value[0]?.address, s.letter.replyTo);
    t.is(mail.from?.value[0]?.address, 'donnees@example.org');
    t.regex(
      mail.text ?? '',
      /À 18 h\.\n<b>Devant<\/b> la mairie\.[\s\S]*Lecteur[\s\S]*À quelle heure \?/,
    );
    t.is(mail.headers.get('list-unsubscribe'), undefined);
    const page = await s.staff.get(at);
    t.regex(page.body, /À 18 h\./);
    t.regex(page.body, /marked it as done/, 'whoever writes back is done with it');
    const second = await s.put(
      gmail(await letterOf(s.sink.taken.at(-1) ?? { source: '' }), { said: 'Merci !' }),
    );
    t.like((await s.kept()).at(-1), { isProven: true, personId: s.ids[0] });
    t.regex((await s.staff.get(second.at)).body, /À 18 h\.[\s\S]*Devant/);
    const acts = await s.scope.db.raw(`select from core.audit where act = 'email.answer.replied'`);
    t.is(acts.rows.length, 1);
  },
);

test.serial('what nothing proved goes on in its thread, and is no surer for it', async (t) => {
  const s = await scene();
  const stranger = { ...s.letter, replyTo: 'reponses@parti.example' };
  const { at } = await s.put(
    mutt(stranger, { said: 'Qui êtes-vous ?', from: 'x@stranger.example' }),
  );
  await s.staff.post(`${at}/reply`, { text: 'Un parti.' });
  await s.app.drain();
  const mail = await newest(s);
  t.is([mail.to].flat()[0]?.value[0]?.address, 'x@stranger.example');
  const back = await letterOf(s.sink.taken.at(-1) ?? { source: '' });
  t.not(back.replyTo, s.letter.replyTo);
  await s.put(mutt({ ...back, messageId: '' }, { said: 'STOP' }));
  t.like((await s.kept()).at(-1), {
    isProven: false,
    personId: null,
    asks: 'stop',
    stoppedAt: null,
  });
});

test.serial('what cannot go out is said, and what was typed is not lost', async (t) => {
  const s = await scene();
  const { at } = await s.put(mutt(s.letter, { said: 'Oui ?' }));
  const empty = await s.staff.post(`${at}/reply`, { text: ' \u200b ' });
  t.is(empty.status, 422);
  t.regex(empty.body, /Write a text/);
  const long = await s.staff.post(`${at}/reply`, { text: 'é'.repeat(20_001) });
  t.is(long.status, 422);
  t.true(long.body.includes('é'.repeat(20_001)));
  const other = await s.put(mutt(s.letters[1] as Letter, { said: 'Ne m’écrivez plus' }));
  await s.app
    .get('outreach')(Consents)
    .stopAll(s.scope, s.ids[1] ?? '', 'objection');
  const refused = await s.staff.post(`${other.at}/reply`, { text: 'Pardon' });
  t.is(refused.status, 422);
  t.regex(refused.body, /never to be written to again/);
  t.true(refused.body.includes('Pardon'));
  t.is((await s.staff.get('/admin/email/answers/999999')).status, 404);
  t.is((await s.staff.get('/admin/email/answers/x')).status, 404);
});

test.serial(
  'an answer is marked as done and as new again, found by its words, and listed by page',
  async (t) => {
    const s = await scene();
    const empty = await s.staff.get('/admin/email/answers');
    t.regex(empty.body, /No answers yet[\s\S]*reponses@parti\.example/);
    const { at } = await s.put(mutt(s.letter, { said: 'Une question rare' }));
    await s.put(mutt(s.letters[1] as Letter, { said: 'Autre chose' }));
    const list = (query = '') => s.staff.get(`/admin/email/answers${query}`);
    t.is((await s.staff.post(`${at}/done`, {})).status, 303);
    t.regex((await list('?of=done')).body, /question rare/);
    t.notRegex((await list('?of=new')).body, /question rare/);
    t.is((await s.staff.post(`${at}/open`, {})).status, 303);
    t.regex((await list('?of=new')).body, /question rare/);
    const found = (await list('?q=RARE')).body;
    t.regex(found, /question rare/);
    t.notRegex(found, /Autre chose/);
    t.regex((await list('?q=%25')).body, /Nothing found/);
    await s.scope.db.raw(
      `insert into email.answer (organization_id, is_proven, from_address, from_name, subject, text, message_id, received_at, heard_at)
     select :id, false, 'x@y.example', '', '', 'n' || n, 'm' || n, :now, :now from generate_series(1, 31) n`,
      { id: s.scope.organization.id, now: s.scope.now() },
    );
    const [, next = ''] = /href="([^"]*before=\d+)"/.exec((await list()).body) ?? [];
    t.regex((await s.staff.get(next)).body, /question rare/);
    const acts = await s.scope.db.raw(
      `select act from core.audit where act in ('email.answer.done', 'email.answer.reopened') order by id`,
    );
    t.deepEqual(
      acts.rows.map(({ act }: { act: string }) => act),
      ['email.answer.done', 'email.answer.reopened'],
    );
  },
);

test.serial(
  'whoever has no office for it reads no answer, and who only reads does nothing',
  async (t) => {
    const s = await scene();
    const { at } = await s.put(mutt(s.letter, { said: 'Oui ?' }));
    const reader = await s.app.staff('data-protection');
    t.is((await reader.get(at)).status, 200);
    t.notRegex((await reader.get(at)).body, /Write back|Mark as done/);
    for (const act of ['reply', 'done', 'open', 'stop', 'no-stop'])
      t.is((await reader.post(`${at}/${act}`, { text: 'x' })).status, 403, act);
    const editor = await s.app.staff('web-editor');
    t.is((await editor.get(at)).status, 403);
    t.is((await editor.get('/admin/email/answers')).status, 403);
  },
);

test.serial(
  'an answer to a chapter’s letter is the chapter’s, whoever’s mailbox it came to',
  async (t) => {
    const s = await scene();
    const own = await s.app.chapter('Lyon');
    const sister = await s.app.chapter('Lille');
    const [lyon, lille] = [s.app.scope(own), s.app.scope(sister)];
    const { rows } = await s.scope.db.raw('select max(id) as id from outreach.send');
    await s.scope.db.raw('update outreach.send set organization_id = :own where id = :id', {
      ...{ own, id: rows[0].id },
    });
    await s.scope.db.raw(
      `insert into people.affiliation (person_id, organization_id, since)
     select :person, :own, :now on conflict do nothing`,
      { person: s.ids[0] ?? '', own, now: s.scope.now() },
    );
    const { id } = await s.put(mutt(s.letter, { said: 'Bonjour Lyon' }));
    t.like(
      (await s.kept())[0],
      { organizationId: own, isProven: true, personId: null },
      'not yet acted on',
    );
    await s.app.drain();
    t.like((await s.kept())[0], { personId: s.ids[0] });
    const [there, beside] = [
      await s.app.staff('administrator', own),
      await s.app.staff('administrator', sister),
    ];
    t.regex((await there.get(`/admin/@lyon/email/answers/${id}`)).body, /Bonjour Lyon/);
    t.is((await beside.get(`/admin/@lille/email/answers/${id}`)).status, 404);
    t.notRegex((await beside.get('/admin/@lille/email/answers')).body, /Bonjour Lyon/);
    // Staff above answer in the name of whose letter it was.
    t.is((await s.staff.post(`/admin/email/answers/${id}/reply`, { text: 'Salut' })).status, 303);
    await s.app.drain();
    const { rows: out } = await s.scope.db.raw(
      'select organization_id as of, state from core.outbox order by id desc limit 1',
    );
    t.deepEqual(out, [{ of: own, state: 'accepted' }]);
    // Below, where the mailbox is inherited, nobody reads it.
    s.imap.asked.length = 0;
    await readMailbox(lyon, s.deps, 'answersServer');
    t.deepEqual(s.imap.asked, []);
    const replyId = await lyon.write((scope) =>
      replies.insertReply(scope, id, { author: 'x', text: 'Bonjour', dueAt: null }),
    );
    await sendReply(lille, s.deps, replyId);
    await hearAnswers(lille, s.deps);
    const thread = (await answers.findAnswer(lyon, id))?.thread ?? '';
    await s.scope.db.raw(
      `insert into email.answer (organization_id, thread, is_proven, from_address, from_name, subject, text, message_id, received_at)
     values (:own, :thread, true, 'x@y.example', '', '', '', '<n@y>', :now)`,
      { own, thread, now: s.scope.now() },
    );
    const { rows: unheard } = await s.scope.db.raw('select max(id) as id from email.answer');
    const newer = unheard[0].id;
    await s.scope.db.raw(`update email.answer set asks = 'mentions' where id = :id`, { id });
    const faults = await sisterFaults(
      {
        ...{ app: s.app, own, sister, folder: import.meta.dirname, files: /^(answer|reply)\./ },
        tables: ['email.answer', 'email.reply'],
      },
      {
        reads: {
          findAnswer: (scope) => answers.findAnswer(scope, id),
          findAnswers: (scope) => answers.findAnswers(scope, { most: 9 }),
          countNewAnswers: answers.countNewAnswers,
          findThread: (scope) => answers.findThread(scope, thread),
          findOthersOf: (scope) => answers.findOthersOf(scope, { id, thread }, 9),
          findUnheardAnswers: (scope) => answers.findUnheardAnswers(scope, 9),
          findReplies: (scope) => replies.findReplies(scope, [id]),
        },
        writes: {
          noteHeard: (scope) => answers.noteHeard(scope, newer),
          noteFound: (scope) => answers.noteFound(scope, id, { personId: null, asks: 'stop' }),
          noteStopped: (scope) => answers.noteStopped(scope, id, null),
          noteNoStop: (scope) => answers.noteNoStop(scope, id),
          settleAnswer: (scope) => answers.settleAnswer(scope, id),
          settleReply: (scope) => replies.settleReply(scope, replyId, { state: 'sent' }),
          dropReplies: replies.dropReplies,
        },
        unbounded: {
          insertAnswer: 'inserts',
          insertReply: 'inserts: to an answer that was found within the bound before',
          lockReply:
            'a lock: no staff who only read get as far; that a sister sends nothing is tried above',
        },
      },
    );
    t.deepEqual(faults, []);
    t.is((await replies.lockReply(lyon, replyId))?.state, 'ready', 'a sister sent nothing');
  },
);

test('a person’s copy holds what they wrote and got back; erased, nothing of it is left; of two the answers are one’s', async (t) => {
  const s = await open(t);
  const [zero = '', one = '', two = ''] = s.ids;
  const [first, second] = s.letters as [Letter, Letter];
  s.imap.put(mutt(first, { said: 'Mon avis' }));
  s.imap.put(mutt(second, { said: 'Le mien' }));
  s.imap.put(
    mutt({ ...second, replyTo: 'reponses@parti.example', messageId: '' }, { said: 'Encore' }),
  );
  await s.read();
  const staff = await s.app.staff('organiser');
  const [answer] = await s.kept();
  await staff.post(`/admin/email/answers/${answer?.id}/reply`, { text: 'Merci de votre avis' });
  await s.app.drain();
  const { subjects } = s.app.house;
  const copyOf = async (id: string) => {
    const found = [];
    for await (const row of subjects.export(s.scope, id)) found.push(row);
    return found.filter(({ table }) => /^email\.(answer|reply)$/.test(table));
  };
  t.deepEqual(
    (await copyOf(zero)).map(({ table }) => table),
    ['email.answer', 'email.reply'],
  );
  t.regex(JSON.stringify(await copyOf(zero)), /Mon avis[\s\S]*Merci de votre avis/);
  await subjects.erase(s.scope, zero);
  t.deepEqual(await copyOf(zero), []);
  t.is((await s.scope.db.raw('select from email.reply')).rows.length, 0);
  const rights = makeSubject(s.deps);
  await rights.merge(s.scope, one, two);
  t.is((await copyOf(two)).length, 2);
  await rights.merge(s.scope, two, one);
  await s.scope.db.raw(`update email.answer set person_id = null where text like 'Encore%'`);
  await subjects.erase(s.scope, one);
  t.is((await s.kept()).length, 0, 'also what came from their address and was nobody’s');
});

test.serial('a welcome letter is answered as a letter is, and stopped by a word', async (t) => {
  const s = await scene();
  const content = { subject: 'Bienvenue', preheader: '', blocks: [paragraph('Bonjour.')] };
  await saveWelcome(s.scope, s.newsletterId, { content, version: 0 });
  await switchWelcome(s.scope, s.newsletterId, true);
  const [, , personId = ''] = s.ids;
  await welcome(s.scope, s.deps, { personId, newsletterIds: [s.newsletterId] });
  await s.app.drain();
  const letter = await letterOf(s.sink.taken.at(-1) ?? { source: '' });
  t.is(letter.subject, 'Bienvenue');
  t.regex(letter.replyTo, /^reponses\+[0-9a-f]{48}@parti\.example$/);
  const { at } = await s.put(mutt({ ...letter, messageId: '' }, { said: 'Merci à vous.' }));
  t.like((await s.kept()).at(-1), { isProven: true, personId, asks: null });
  await s.staff.post(`${at}/reply`, { text: 'Avec plaisir.' });
  await s.app.drain();
  t.is((await newest(s)).replyTo?.value[0]?.address, letter.replyTo);
  await s.put(mutt({ ...letter, messageId: '' }, { said: 'Stop' }));
  t.like((await s.kept()).at(-1), { personId, asks: 'stop', state: 'done' });
  t.is(await s.newsletters(personId), 0);
});

const paragraph = (text: string) => ({ kind: 'paragraph', text, href: '' });

test.serial(
  'while an election commands silence nothing is written back, and what waited leaves after it',
  async (t) => {
    const s = await scene();
    const officer = await s.app.staff('data-protection');
    await officer.post('/admin/elections/new', {
      ...{ name: 'Présidentielle', kind: 'presidential', constituency: 'France', country: 'FR' },
      ...{ timeZone: 'Europe/Paris', day1: '2027-04-11', closes1: '20:00' },
    });
    s.app.clock.set('2027-04-09T21:00:00Z');
    s.imap.put(mutt(s.letter, { said: 'Oui ?' }), '09-Apr-2027 20:00:00 +0000');
    await s.read();
    const at = `/admin/email/answers/${(await s.kept())[0]?.id}`;
    const before = s.sink.taken.length;
    const write = async (text: string) =>
      (await s.app.staff('organiser')).post(`${at}/reply`, { text });
    t.is((await write('À 18 h.')).status, 303);
    s.app.clock.set('2027-04-09T22:00:01Z');
    await s.app.drain();
    t.is(s.sink.taken.length, before, 'queued before, and overtaken');
    const refused = await write('Devant la mairie.');
    t.is(refused.status, 422);
    t.regex(refused.body, /“Présidentielle” nothing is sent until/);
    t.true(refused.body.includes('Devant la mairie.'));
    s.app.clock.set('2027-04-11T18:00:01Z');
    await s.app.drain();
    t.is(s.sink.taken.length, before + 1);
  },
);
