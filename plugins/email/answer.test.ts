// Answers to letters: whose they are, what is kept, what follows by itself, and what never does.
import test from 'ava';
import { parted } from './answer-text.ts';
import { doneFolder, readMailbox, readMark, readOne } from './bounce-mailbox.ts';
import { autoReplyTo, bounceOf } from './hooks/fixture.ts';
import {
  apple,
  gmail,
  type Letter,
  lines,
  mutt,
  orange,
  outlook,
  scene as sceneOf,
  thunderbird,
} from './testing/fixture.ts';

/** One server for all, who take turns; each begins without answers, with a letter of its own. */
let shared: ReturnType<typeof sceneOf>;
const ends: (() => unknown)[] = [];
test.before(() => {
  shared = sceneOf({ teardown: (end) => void ends.push(end) });
});
test.after.always(async () => {
  for (const end of ends.reverse()) await end();
});

async function scene() {
  const s = await shared;
  await s.scope.db.raw('delete from email.answer; delete from people.timeline');
  s.imap.folders.set('INBOX', []);
  s.imap.folders.delete(doneFolder);
  delete s.imap.dies.at;
  const [zero, one, two] = (await s.sent()) as [Letter, Letter, Letter];
  const counts = async (sendId: string): Promise<{ answered: number; left: number }> => {
    const { rows } = await s.scope.db.raw(
      `select coalesce(sum(answered), 0)::int as answered, coalesce(sum(departed), 0)::int as left
       from outreach.tally where send_id = :sendId`,
      { sendId },
    );
    return rows[0];
  };
  return { ...s, letters: { zero, one, two }, counts };
}

test.serial(
  'a letter is answered at an address of its own, in the newsletter’s name',
  async (t) => {
    const s = await scene();
    const [letter] = s.sink.taken.slice(-1);
    t.regex(letter?.source ?? '', /^Reply-To: .*<reponses\+[0-9a-f]{48}@parti\.example>/ims);
    t.is(new Set(Object.values(s.letters).map(({ replyTo }) => replyTo)).size, 3);
  },
);

for (const [name, write] of Object.entries({ gmail, outlook, apple, thunderbird, mutt, orange })) {
  test.serial(`what ${name} writes is the reader’s answer, without what it quotes`, async (t) => {
    const s = await scene();
    s.imap.put(write(s.letters.zero, { said: 'Je viens à vélo !' }));
    await s.read();
    const [answer, more] = await s.kept();
    t.like(answer, { isProven: true, personId: s.ids[0], from: s.letters.zero.to, state: 'new' });
    t.is(more, undefined);
    const { said, hasMore } = parted(answer?.text ?? '');
    t.regex(said, /^Je viens à vélo !(\n\nEnvoyé de mon iPhone)?$/);
    t.true(hasMore);
    t.regex(answer?.text ?? '', /Lisez/);
    t.is(answer?.asks, null, 'a quoted STOP is nobody’s');
    t.is(s.imap.folders.get(doneFolder)?.length, 1);
    t.is(await s.newsletters(s.ids[0] ?? ''), 1);
  });
}

test.serial('an answer is counted with its letter and told on the page of who wrote', async (t) => {
  const s = await scene();
  s.imap.put(mutt(s.letters.one, { said: 'Merci.' }));
  await s.read();
  const [answer] = await s.kept();
  t.is((await s.counts(answer?.sendId ?? '')).answered, 1);
  const staff = await s.app.staff('organiser');
  const page = await staff.get(`/admin/people/${s.ids[1]}`);
  t.regex(page.body, /Answered a letter/);
  t.true(page.body.includes(`/admin/email/answers/${answer?.id}"`));
  t.regex((await staff.get(`/admin/outreach/${answer?.sendId}`)).body, /Answered/);
});

test.serial(
  'the same message twice is one answer, also from two readers of the mailbox at once',
  async (t) => {
    const s = await scene();
    for (let times = 0; times < 2; times += 1) {
      s.imap.put(mutt(s.letters.zero, { said: 'Une fois.', id: '<same@mail.example>' }));
    }
    await Promise.all([s.read(), s.read()]);
    t.is((await s.kept()).length, 1);
    const { rows } = await s.scope.db.raw(
      `select from people.timeline where kind = 'email.timeline.answered'`,
    );
    t.is(rows.length, 1);
    t.is(s.imap.folders.get('INBOX')?.length, 0);
  },
);

test.serial(
  'a run that dies before it moved a message keeps it once, and loses none',
  async (t) => {
    const s = await scene();
    for (const letter of Object.values(s.letters)) s.imap.put(mutt(letter, { said: 'Oui.' }));
    for (const verb of ['MOVE', 'FETCH', 'SEARCH', 'SELECT', 'LOGIN']) {
      s.imap.dies.at = verb;
      await t.throwsAsync(s.read(), undefined, verb);
    }
    delete s.imap.dies.at;
    await s.read();
    t.deepEqual((await s.kept()).map(({ personId }) => personId).sort(), [...s.ids].sort());
    t.is(s.imap.folders.get('INBOX')?.length, 0);
  },
);

test.serial('what was kept and not acted on is acted on later, once', async (t) => {
  const s = await scene();
  s.imap.put(mutt(s.letters.zero, { said: 'Oui.' }));
  await s.read();
  await s.scope.db.raw('update email.answer set heard_at = null, person_id = null');
  await s.scope.db.raw('delete from people.timeline');
  const { hearAnswers } = await import('./answer.ts');
  await Promise.all([hearAnswers(s.scope, s.deps), hearAnswers(s.scope, s.deps)]);
  t.like((await s.kept())[0], { personId: s.ids[0] });
  t.is((await s.scope.db.raw('select from people.timeline')).rows.length, 1);
});

test.serial(
  '"STOP" as the whole answer or its first line leaves the newsletter, as the link does',
  async (t) => {
    const s = await scene();
    s.imap.put(gmail(s.letters.zero, { said: 'Stop' }));
    s.imap.put(mutt(s.letters.one, { said: 'DÉSABONNEMENT\n\nMerci.\n-- \nJeanne' }));
    s.imap.put(mutt(s.letters.two, { said: 'Top ! Je viens.' }));
    await s.read();
    const [zero = '', one = '', two = ''] = s.ids;
    t.deepEqual(
      [await s.newsletters(zero), await s.newsletters(one), await s.newsletters(two)],
      [0, 0, 1],
    );
    const kept = await s.kept();
    t.deepEqual(
      kept.map(({ asks, stoppedAt, state }) => [asks, stoppedAt !== null, state]),
      [
        ['stop', true, 'done'],
        ['stop', true, 'new'],
        [null, false, 'new'],
      ],
    );
    t.is((await s.counts(kept[0]?.sendId ?? '')).left, 2);
    const staff = await s.app.staff('organiser');
    t.regex((await staff.get(`/admin/people/${zero}`)).body, /Asked by e-mail to get no more/);
    t.regex(
      (await staff.get(`/admin/email/answers/${kept[0]?.id}`)).body,
      /They asked to stop, and it was done/,
    );
    // For the tests that come after.
    for (const id of [zero, one]) await resubscribe(s, id);
  },
);

async function resubscribe(s: Awaited<ReturnType<typeof sceneOf>>, personId: string) {
  const { Newsletters } = await import('rostra/people');
  await s.app.get('outreach')(Newsletters).subscribe(s.scope, personId, s.newsletterId);
}

test.serial('a sentence that speaks of stopping is shown to staff, who decide', async (t) => {
  const s = await scene();
  s.imap.put(mutt(s.letters.zero, { said: 'Merci de mettre un STOP à tout cela.' }));
  await s.read();
  const [answer] = await s.kept();
  t.like(answer, { asks: 'mentions', stoppedAt: null });
  const staff = await s.app.staff('organiser');
  const at = `/admin/email/answers/${answer?.id}`;
  t.regex((await staff.get(at)).body, /speaks of stopping/);
  t.is((await staff.post(`${at}/no-stop`, {})).status, 303);
  t.notRegex((await staff.get(at)).body, /speaks of stopping/);
  t.is(await s.newsletters(s.ids[0] ?? ''), 1);
});

test.serial(
  'of what nothing proves nothing follows by itself: the sender may be made up',
  async (t) => {
    const s = await scene();
    const staff = await s.app.staff('organiser');
    await s.scope.db.raw('delete from people.tagging');
    await s.scope.db.raw(
      `insert into outreach.tag_rule (organization_id, words, tag, created_at) values (:id, '{arrêt,stop}', 'Cyclistes', :now)`,
      { id: s.scope.organization.id, now: s.scope.now() },
    );
    const bare = { ...s.letters.zero, replyTo: 'reponses@parti.example' };
    const forged = {
      ...bare,
      replyTo: s.letters.zero.replyTo.replace(/[0-9a-f]{16}@/, '0000000000000000@'),
    };
    s.imap.put(mutt(bare, { said: 'STOP' }));
    s.imap.put(mutt(forged, { said: 'STOP' }));
    s.imap.put(mutt({ ...bare, messageId: '' }, { said: 'STOP' }));
    s.imap.put(mutt(bare, { said: 'STOP', from: 'autre@stranger.example' }));
    await s.read();
    const kept = await s.kept();
    const [zero = ''] = s.ids;
    t.deepEqual(
      kept.map(({ isProven, personId, asks, stoppedAt, sendId }) => [
        ...[isProven, personId, asks, stoppedAt, sendId !== null],
      ]),
      [
        [false, zero, 'stop', null, true],
        [false, zero, 'stop', null, true],
        [false, zero, 'stop', null, false],
        [false, null, 'stop', null, true],
      ],
    );
    t.is(await s.newsletters(zero), 1);
    t.is((await s.scope.db.raw('select from people.tagging')).rows.length, 0);
    t.is((await s.counts(kept[0]?.sendId ?? '')).answered, 0);
    const at = `/admin/email/answers/${kept[3]?.id}`;
    const page = await staff.get(at);
    t.regex(page.body, /Address not proven/);
    t.regex(page.body, /nobody in the file has this address/);
    t.notRegex(page.body, /Stop it for them/);
    t.is((await staff.post(`${at}/stop`, {})).status, 404);
    const own = `/admin/email/answers/${kept[0]?.id}`;
    t.regex((await staff.get(own)).body, /Stop it for them/);
    t.is((await staff.post(`${own}/stop`, {})).status, 303);
    t.is(await s.newsletters(zero), 0);
    t.regex((await staff.get(own)).body, /They asked to stop; .* did it/);
    const acts = await s.scope.db.raw(`select from core.audit where act = 'email.answer.stopped'`);
    t.is(acts.rows.length, 1 + 2, 'and the two that were proven');
    await s.scope.db.raw('delete from outreach.tag_rule');
    await resubscribe(s, zero);
  },
);

test.serial(
  'a word of a rule puts its tag on who answered, by the rule of that letter too',
  async (t) => {
    const s = await scene();
    await s.scope.db.raw(
      `insert into people.relation (person_id, kind, since, created_at)
     select p.id, 'regular_contact', '2026-01-01', :now from people.person p
     where not exists (select from people.relation r where r.person_id = p.id)`,
      { now: s.scope.now() },
    );
    const { rows } = await s.scope.db.raw('select max(id) as id from outreach.send');
    const staff = await s.app.staff();
    const add = (words: string, tag: string, of = '') =>
      staff.post('/admin/outreach/tags', { words, tag, of });
    t.is((await add('vélo', 'Cyclistes', rows[0].id)).status, 303);
    t.is((await add('lisez', 'Lecteurs')).status, 303);
    s.imap.put(gmail(s.letters.zero, { said: 'Le velo, oui' }));
    await s.read();
    const tagged = await s.scope.db.raw(
      'select g.person_id as "personId", t.name from people.tagging g join people.tag t on t.id = g.tag_id',
    );
    t.deepEqual(
      tagged.rows,
      [{ personId: s.ids[0], name: 'Cyclistes' }],
      'and nothing for what is quoted',
    );
    t.regex(
      (await staff.get(`/admin/people/${s.ids[0]}`)).body,
      /Tagged “Cyclistes” by their answer/,
    );
    await s.scope.db.raw('delete from people.tagging; delete from outreach.tag_rule');
  },
);

test.serial(
  'mails that answer by themselves are none, and bounces there are returns',
  async (t) => {
    const s = await scene();
    const { replyTo, to } = s.letters.two;
    s.imap.put(autoReplyTo({ from: replyTo }));
    s.imap.put(mutt(s.letters.zero, { said: 'Absente', head: ['Precedence: bulk'] }));
    s.imap.put(mutt(s.letters.zero, { said: 'Absente', head: ['X-Autoreply: yes'] }));
    s.imap.put(`Return-Path: <>\r\n${mutt(s.letters.zero, { said: 'Absente' })}`);
    s.imap.put(
      bounceOf({ from: replyTo, to }, { status: '4.2.2', said: '452 4.2.2 Mailbox full' }),
    );
    await s.read();
    t.deepEqual(await s.kept(), []);
    t.is(s.imap.folders.get(doneFolder)?.length, 5);
    t.like(await s.statusOf(s.ids[2] ?? ''), { why: 'full', putOff: 1 });
  },
);

test.serial(
  'what is neither ours nor from anybody whom we know stays, with a mark, and is not kept',
  async (t) => {
    const s = await scene();
    s.imap.put(
      lines('From: <spam@stranger.example>', 'To: <reponses@parti.example>', '', 'Achetez'),
    );
    s.imap.put('\0\0\0 no mail');
    s.imap.put('');
    s.imap.put(lines('From: ', `To: ${s.letters.zero.replyTo}`, '', 'Personne'));
    await s.read();
    t.deepEqual(await s.kept(), []);
    const inbox = s.imap.folders.get('INBOX') ?? [];
    t.is(inbox.length, 4);
    t.true(inbox.every(({ flags }) => flags.has(readMark)));
    s.imap.asked.length = 0;
    await s.read();
    t.false(s.imap.asked.includes('FETCH'));
  },
);

test.serial('one mailbox for both is read once, for both', async (t) => {
  const s = await scene();
  await s.deps.settings.write(s.scope, {
    ...{ answersAddress: 'reponses@parti.example', answersServer: s.imap.url },
    ...{ returnAddress: 'reponses@parti.example', returnServer: s.imap.url },
  });
  s.imap.put(mutt(s.letters.zero, { said: 'Oui.' }));
  await readMailbox(s.scope, s.deps, 'returnServer');
  t.deepEqual(await s.kept(), []);
  await s.read();
  t.is((await s.kept()).length, 1);
});

test.serial(
  'without a mailbox for answers letters are answered as before, and none is kept',
  async (t) => {
    const s = await scene();
    await s.deps.settings.write(s.scope, { answersAddress: undefined });
    const [letter] = await s.sent();
    t.is(letter?.replyTo, '');
    t.false(await readOne(s.scope, s.deps, Buffer.from(mutt(s.letters.zero, { said: 'Oui.' }))));
    await s.deps.settings.write(s.scope, {
      ...{ answersAddress: 'reponses@parti.example', answersServer: s.imap.url },
    });
  },
);

test.serial(
  'a newsletter that has an address for answers of its own keeps it, and that is said',
  async (t) => {
    const s = await scene();
    const staff = await s.app.staff('administrator');
    const at = `/admin/email/senders/${s.newsletterId}`;
    t.is((await staff.post(at, { replyTo: 'elus@ailleurs.example' })).status, 303);
    const [letter] = await s.sent();
    t.is(letter?.replyTo, 'elus@ailleurs.example');
    const said = (await staff.get('/admin/email/senders')).body;
    t.regex(said, /Answers go to elus@ailleurs\.example\. They do not arrive under Messages/);
    t.is((await staff.post(at, { name: 'Zoé, "élue" <x>' })).status, 303);
    const [other] = await s.sent();
    t.regex(other?.replyTo ?? '', /^reponses\+[0-9a-f]{48}@/);
    t.regex((await staff.get('/admin/email/senders')).body, /read under Messages/);
    t.is((await staff.post(at, {})).status, 303);
  },
);

test.serial('one that cannot be kept, or acted on, keeps back no other', async (t) => {
  const s = await scene();
  await s.scope.db.raw(`
    create function email.fault() returns trigger language plpgsql as $$ begin raise 'a fault'; end $$;
    create trigger fault_kept before insert on email.answer for each row
      when (new.text like 'Pas gardée%') execute function email.fault();
    create trigger fault_heard before update on email.answer for each row
      when (new.text like 'Pas entendue%') execute function email.fault()`);
  s.imap.put(mutt(s.letters.zero, { said: 'Pas gardée' }));
  s.imap.put(mutt(s.letters.one, { said: 'Pas entendue' }));
  s.imap.put(mutt(s.letters.two, { said: 'Bonne' }));
  await t.throwsAsync(s.read(), { message: /a fault/ });
  await t.throwsAsync(s.read(), { message: /a fault/ });
  const kept = async () => (await s.kept()).map(({ personId }) => personId);
  t.deepEqual(await kept(), [null, s.ids[2] ?? '']);
  t.is(s.imap.folders.get('INBOX')?.length, 1);
  await s.scope.db.raw('drop function email.fault cascade');
  await s.read();
  t.deepEqual((await kept()).sort(), [...s.ids].sort());
  t.is(s.imap.folders.get('INBOX')?.length, 0);
});
