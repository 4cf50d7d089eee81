import test from 'ava';
import { parseHandle } from './handle.ts';
import { plainText } from './sources/plain-text.ts';

test('an account is read as people write it', (t) => {
  for (const text of [
    '@camille@Mastodon.example',
    ' camille@mastodon.example ',
    'https://mastodon.example/@camille',
    'https://mastodon.example/users/camille',
  ]) {
    t.is(parseHandle(text), 'camille@mastodon.example', text);
  }
});

test('what is no account is none', (t) => {
  for (const text of [
    '',
    'camille',
    '@camille',
    'camille@',
    'a b@c.example',
    'camille@host/path',
    'camille@host.example?x=1',
    'https://mastodon.example/about',
    `${'x'.repeat(65)}@mastodon.example`,
    'camille@intranet',
  ]) {
    t.is(parseHandle(text), undefined, text);
  }
});

test('a biography is text, whatever it was', (t) => {
  t.is(plainText('<p>One</p><p>Two<script>alert(1)</script></p>'), 'One\nTwo');
  t.is(plainText('<img src="https://spy.example/x.png">&lt;b&gt;'), '<b>');
});
