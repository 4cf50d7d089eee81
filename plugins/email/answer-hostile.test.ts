// Answers that nobody means well with: kept within bounds, or left where they are, and none of them keeps back another.
import test from 'ava';
import { parted, tidyLine, tidyText } from './answer-text.ts';
import { doneFolder } from './bounce-mailbox.ts';
import { type Letter, lines, mutt, scene as sceneOf } from './testing/fixture.ts';

let shared: Promise<Awaited<ReturnType<typeof open>>>;
const ends: (() => unknown)[] = [];
test.before(() => {
  shared = open({ teardown: (end) => void ends.push(end) });
});
test.after.always(async () => {
  for (const end of ends.reverse()) await end();
});

async function open(t: Parameters<typeof sceneOf>[0]) {
  const s = await sceneOf(t);
  const [letter] = (await s.sent()) as [Letter];
  return { ...s, letter };
}

async function scene() {
  const s = await shared;
  await s.scope.db.raw('delete from email.answer');
  s.imap.folders.set('INBOX', []);
  s.imap.folders.delete(doneFolder);
  return s;
}

const multipart = (letter: Letter, ...parts: string[]) =>
  lines(
    ...[
      'From: j@x.example',
      `To: ${letter.replyTo}`,
      'Message-ID: <m@x.example>',
      'Subject: Pièces',
    ],
    'Content-Type: multipart/mixed; boundary="B"',
    '',
    ...parts.flatMap((part) => ['--B', part]),
    '--B--',
    '',
  );
const plainPart = (text: string) => lines('Content-Type: text/plain; charset=utf-8', '', text);
const file = (name: string, bytes = 10) =>
  lines(
    'Content-Type: application/pdf',
    `Content-Disposition: attachment; filename="${name}"`,
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.alloc(bytes, 'x').toString('base64'),
  );

test.serial('of attachments the names are kept, of twenty megabytes the first', async (t) => {
  const s = await scene();
  s.imap.put(multipart(s.letter, plainPart('Voici.'), file('a.pdf'), file('../../b\u202Efdp.exe')));
  await s.read();
  const big = multipart(s.letter, plainPart('Long.'), file('grand.pdf', 15_000_000));
  s.imap.put(big.replace('<m@x.example>', '<big@x.example>'));
  await s.read();
  const [small, large] = await s.kept();
  t.like(small, { text: 'Voici.', attachments: ['a.pdf', '../../bfdp.exe'], isCut: false });
  t.like(large, { text: 'Long.', attachments: ['grand.pdf'], isCut: true });
  const staff = await s.app.staff('organiser');
  const page = await staff.get(`/admin/email/answers/${small?.id}`);
  t.regex(page.body, /2 attachments were not kept; they lie in the mailbox/);
  t.regex(
    (await staff.get(`/admin/email/answers/${large?.id}`)).body,
    /the rest lies in the mailbox/,
  );
});

test.serial(
  'signs that the database refuses, do not show or turn the line are left out',
  async (t) => {
    const s = await scene();
    const said = 'a\0b\u202Ec\u200Bd\u0007e é 👍🏽 שלום';
    s.imap.put(mutt(s.letter, { said, head: ['X-Odd: \0'] }));
    await s.read();
    const [answer] = await s.kept();
    t.true(answer?.text.startsWith('abcde é 👍🏽 שלום'), answer?.text);
  },
);

test.serial(
  'a line of ten megabytes, a name of a hundred kilobytes and none at all are one answer each',
  async (t) => {
    const s = await scene();
    const id = `<${'x'.repeat(100_000)}@x.example>`;
    s.imap.put(mutt(s.letter, { said: 'a'.repeat(10_000_000), id: '<long@x.example>' }));
    s.imap.put(mutt(s.letter, { said: 'Nom', id }));
    s.imap.put(mutt(s.letter, { said: 'Nom', id }));
    s.imap.put(mutt(s.letter, { said: 'Sans nom', id: '' }));
    s.imap.put(mutt(s.letter, { said: 'Sans nom', id: '' }));
    await s.read();
    const kept = await s.kept();
    t.is(kept.length, 3);
    t.is(kept[0]?.text.length, 20_000);
    t.true(kept[0]?.isCut);
    for (const { messageId } of kept.slice(1)) t.regex(messageId, /^sha256:[0-9a-f]{64}$/);
  },
);

test.serial(
  'what is set in a head does not break out of it, nor script out of a text',
  async (t) => {
    const s = await scene();
    const script = '<script>alert(1)</script><img src=x onerror=alert(1)>';
    s.imap.put(
      lines(
        `From: "${script}" <j@x.example>`,
        `To: ${s.letter.replyTo}`,
        `Subject: =?utf-8?B?${Buffer.from(`Re: a\r\nBcc: all@x.example\r\n${script}`).toString('base64')}?=`,
        'Message-ID: <a b\r\n c@x.example>',
        'In-Reply-To: <a\u0000@b> <"x y"@z>',
        'Content-Type: text/html',
        '',
        `<p>Bonjour ${script}</p><p>&lt;script&gt;alert(2)&lt;/script&gt;</p>`,
      ),
    );
    await s.read();
    const [answer] = await s.kept();
    t.notRegex(answer?.subject ?? '', /[\r\n]/);
    t.true((answer?.refs ?? []).every((one) => /^<[!-~]+>$/.test(one)));
    const staff = await s.app.staff('organiser');
    for (const path of ['', `/${answer?.id}`]) {
      const { status, body } = await staff.get(`/admin/email/answers${path}`);
      t.is(status, 200);
      t.notRegex(body, /<script>alert|onerror=alert\(1\)>/);
    }
  },
);

test.serial(
  'odd charsets, nested parts, wrong dates and lone halves are read as well as they can be',
  async (t) => {
    const s = await scene();
    const deep = Array.from({ length: 200 }, (_, at) => at).reduce(
      (inner, at) =>
        lines(
          `Content-Type: multipart/mixed; boundary="b${at}"`,
          '',
          `--b${at}`,
          inner,
          `--b${at}--`,
        ),
      plainPart('Au fond.'),
    );
    const head = [
      'From: j@x.example',
      `To: ${s.letter.replyTo}`,
      'Date: Mon, 99 Foo 2999 99:99:99',
    ];
    s.imap.put(lines(...head, 'Message-ID: <1@x.example>', deep));
    s.imap.put(
      lines(
        ...head,
        'Message-ID: <2@x.example>',
        'Content-Type: text/plain; charset=x-klingon',
        '',
        'é \xff\xfe Oui',
      ),
    );
    s.imap.put(
      lines(
        ...head,
        'Message-ID: <3@x.example>',
        'Content-Type: text/html',
        '',
        '<b>'.repeat(50_000),
      ),
    );
    s.imap.put(
      lines(
        ...head,
        'Message-ID: <4@x.example>',
        'Content-Type: multipart/mixed',
        '',
        'Sans borne',
      ),
    );
    s.imap.put(mutt(s.letter, { said: 'La dernière', id: '<5@x.example>' }));
    await s.read();
    const kept = await s.kept();
    t.deepEqual(
      kept.map(({ messageId }) => messageId),
      [1, 2, 3, 4, 5].map((at) => `<${at}@x.example>`),
    );
    t.regex(kept[1]?.text ?? '', /Oui/);
    const now = s.scope.now().getTime();
    t.true(kept.every(({ receivedAt }) => receivedAt.getTime() <= now));
    t.is(s.imap.folders.get('INBOX')?.length, 0);
  },
);

test.serial('a flood in the name of somebody whom we know stays in the mailbox', async (t) => {
  const s = await scene();
  const forged = { ...s.letter, replyTo: 'reponses@parti.example', messageId: '' };
  for (let count = 0; count < 40; count += 1) s.imap.put(mutt(forged, { said: `Non ${count}` }));
  s.imap.put(mutt(s.letter, { said: 'Le vrai' }));
  await s.read();
  t.is((await s.kept()).filter(({ isProven }) => !isProven).length, 30);
  t.is((await s.kept()).filter(({ isProven }) => isProven).length, 1);
  t.is(s.imap.folders.get('INBOX')?.length, 10);
});

// Were a pattern to go back and forth over them, this would take hours.
test('long runs of one sign are cut and parted as any text', (t) => {
  const long = [' '.repeat(1e6), '- '.repeat(4e5), 'x\n'.repeat(4e5), '> '.repeat(4e5)];
  for (const one of [...long, 'Le '.repeat(3e5), `${'From: a\n'.repeat(1e5)}`]) {
    t.true(parted(tidyText(one)).said.length <= 20_000);
    t.true(tidyLine(one, 500).length <= 500);
  }
});
