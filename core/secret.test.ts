// Sealing must hold against tampering, mixing of purposes and a change of the secret.
import { randomBytes } from 'node:crypto';
import test from 'ava';
import { deriveKey, keyedDigest, open, randomToken, sameSecret, seal } from './secret.ts';

const secret = randomBytes(32);

test('what is sealed opens again, accents and all', (t) => {
  t.is(open(secret, 'test', seal(secret, 'test', 'clé d’été 🗝')), 'clé d’été 🗝');
  t.is(open(secret, 'test', seal(secret, 'test', '')), '');
});

test('sealing twice gives two texts, and neither shows the secret', (t) => {
  const [one, two] = [seal(secret, 'test', 'hush'), seal(secret, 'test', 'hush')];
  t.not(one, two);
  t.false(
    Buffer.from(one.split('.')[2] ?? '', 'base64url')
      .toString('latin1')
      .includes('hush'),
  );
});

test('a tampered ciphertext is refused, whichever byte was changed', (t) => {
  const sealed = seal(secret, 'test', 'hush');
  const [version, id, encoded = ''] = sealed.split('.');
  const body = Buffer.from(encoded, 'base64url');
  for (let at = 0; at < body.length; at += 1) {
    const bent = Buffer.from(body);
    bent[at] = (bent[at] ?? 0) ^ 1;
    t.throws(() => open(secret, 'test', `${version}.${id}.${bent.toString('base64url')}`));
  }
  t.throws(() => open(secret, 'test', `${version}.${id}.${encoded.slice(0, 20)}`));
  t.throws(() => open(secret, 'test', 'plain'));
});

test('what was sealed for one purpose does not open for another', (t) => {
  t.throws(() => open(secret, 'settings', seal(secret, 'accounts', 'hush')));
  t.notDeepEqual(deriveKey(secret, 'settings'), deriveKey(secret, 'accounts'));
});

test('after a rotation the old secret still opens, and a missing one is named by its key', (t) => {
  const newer = randomBytes(32);
  const sealed = seal(secret, 'test', 'hush');
  t.is(open([newer, secret], 'test', sealed), 'hush');
  t.throws(() => open(newer, 'test', sealed), { message: /sealed under another secret/ });
});

test('tokens are long and never the same, and are compared whole', (t) => {
  t.regex(randomToken(), /^[\w-]{43}$/);
  t.not(randomToken(), randomToken());
  t.true(sameSecret('abc', 'abc'));
  t.false(sameSecret('abc', 'abd'));
  t.false(sameSecret('abc', 'abcd'));
});

test('a keyed digest depends on the secret', (t) => {
  t.deepEqual(keyedDigest(secret, 'x', 'a'), keyedDigest(secret, 'x', 'a'));
  t.notDeepEqual(keyedDigest(secret, 'x', 'a'), keyedDigest(randomBytes(32), 'x', 'a'));
});
