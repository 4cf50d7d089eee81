// Which cookie opens a session.
import test from 'ava';
import { cookieFor, tokenOf } from './session.ts';

const [token, planted] = ['a'.repeat(43), 'b'.repeat(43)];
const https = 'https://parti.example';
const http = 'http://localhost:3000';

test('over https the cookie bound to the host is read, and no other', (t) => {
  t.is(tokenOf(`x=1; __Host-rostra=${token}; y=2`, https), token);
  t.is(tokenOf(`rostra=${planted}`, https), undefined, 'a neighbour under the same domain set it');
  t.is(tokenOf(`rostra=${planted}; __Host-rostra=${token}`, https), token);
  t.is(tokenOf(`x__Host-rostra=${token}`, https), undefined);
});

test('over http the plain cookie is read, since a browser keeps no other', (t) => {
  t.is(tokenOf(`a=b; rostra=${token}`, http), token);
  t.is(tokenOf(`__Host-rostra=${planted}`, http), undefined);
  for (const none of [`notrostra=${token}`, 'rostra=short', '', undefined]) {
    t.is(tokenOf(none, http), undefined);
  }
});

test('the cookie that is set is the one that is read', (t) => {
  for (const url of [https, http]) t.is(tokenOf(cookieFor(token, url).split(';')[0], url), token);
});
