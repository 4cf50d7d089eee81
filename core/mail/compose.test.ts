// A message as strangers read it: a library that we do not send with takes it apart and checks its signature.
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { simpleParser } from 'mailparser';
import { compose, quotedPrintable } from './compose.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signature = { domainName: 'parti.example', keySelector: 'rostra', key: privateKey };
const record = `v=DKIM1; k=rsa; p=${createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64')}`;
const letter = {
  from: { name: 'Parti de l’Été', address: 'lettre@parti.example' },
  to: 'camille@poste.example',
  subject: 'Bonjour Camille, où l’on respire',
  messageId: '<1@parti.example>',
  date: new Date('2026-11-24T10:00:00Z'),
  headers: {
    'List-Id': '<a.parti.example>',
    'List-Unsubscribe': `<https://parti.example/unsubscribe/v1.${'x'.repeat(120)}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  },
};

async function verdictOf(raw: Buffer) {
  const { results } = await dkimVerify(raw, { resolver: async () => [[record]] });
  return results.map(
    ({ status, signingDomain }: { status: { result: string }; signingDomain: string }) => [
      ...[status.result, signingDomain],
    ],
  );
}

test('whatever is written arrives as it was written, signed so that an independent library says pass', async (t) => {
  const words = fc.array(
    fc.oneof(
      fc.constantFrom(
        ' ',
        '  ',
        '\t',
        '\n',
        '\n\n',
        '.',
        '..',
        '=',
        'From ',
        'é',
        '’',
        '🌱',
        'mot',
      ),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constant('x'.repeat(200)),
    ),
    { maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(words, words, async (one, two) => {
      const clean = (all: string[]) => all.join('').replace(/[\0\r\ud800-\udfff]/g, '');
      const [text, html] = [clean(one), `<p>${clean(two)}</p>`];
      const { raw } = await compose({ ...letter, text, html }, signature);
      t.deepEqual(await verdictOf(raw), [['pass', 'parti.example']]);
      const mail = await simpleParser(raw);
      t.is(mail.text?.replace(/\n$/, ''), text.replace(/\n$/, ''));
      t.is(String(mail.html).trim(), html.trim());
      t.is(mail.subject, letter.subject);
    }),
    { numRuns: 150 },
  );
});

test('both headers of the one click are signed, and a word changed on the way is seen', async (t) => {
  const { raw, envelope } = await compose(
    { ...letter, text: 'Oui.', html: '<p>Oui.</p>' },
    signature,
  );
  t.regex(raw.toString(), /h=[^;]*list-unsubscribe:\s*list-unsubscribe-post/);
  t.deepEqual(envelope, { from: 'lettre@parti.example', to: ['camille@poste.example'] });
  t.true(
    raw
      .toString()
      .split('\r\n')
      .every((line) => line.length <= 200),
  );
  const changed = Buffer.from(raw.toString().replace('<p>Oui', '<p>Non'));
  t.deepEqual((await verdictOf(changed))[0]?.[0], 'neutral');
  const unsigned = await compose({ ...letter, text: '', html: '' }, undefined);
  t.deepEqual((await verdictOf(unsigned.raw))[0]?.[0], 'none');
});

test('a line of quoted-printable is never longer than 76 signs and is cut within no sign', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (words) => {
      for (const line of quotedPrintable(words).split('\r\n')) {
        t.true(line.length <= 76);
        t.notRegex(line, /=[0-9A-F]?=$|[ \t]$/);
      }
    }),
  );
});
