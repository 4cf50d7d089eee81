// So many a second is the account's, however many send through it.
import test from 'ava';
import { makePaces } from './pace.ts';

test('all that goes through an account waits in one line, until its pace is changed', (t) => {
  const turnOf = makePaces();
  const slow = turnOf({ id: '1', perSecond: 5 });
  t.is(turnOf({ id: '1', perSecond: 5 }), slow, 'a chapter’s send and the party’s');
  t.not(turnOf({ id: '2', perSecond: 5 }), slow);
  t.not(turnOf({ id: '1', perSecond: 50 }), slow);
});
