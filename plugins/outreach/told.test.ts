// To whom the address did not come from themselves the first message says so, and then they need not be told again.
import test from 'ava';
import { NoticeCarrier } from 'rostra/people';
import { readerOf, scene } from './fixture.ts';

test('a message says to those alone whom a list brought in whence, and they are told by it once it was taken', async (t) => {
  const s = await scene(t, { count: 2 });
  const [listed = '', own = ''] = s.ids;
  await s.scope.db.raw(`update people.person set source = 'import' where id = :listed`, { listed });
  const [carrier] = s.app.get('people').many(NoticeCarrier)(s.scope);
  t.deepEqual(await carrier?.service.told(s.scope, s.ids), []);
  const id = await s.write();
  await s.releaseNow(id);
  await s.app.drain();
  t.is(s.sink.taken.length, 2);
  const { rows } = await s.scope.db.raw(
    `select address from people.email_address where person_id = :listed`,
    { listed },
  );
  for (const mail of s.sink.taken) {
    const says = /ne vient pas directement de vous/.test(mail.text ?? '');
    t.is(says, readerOf(mail) === rows[0].address, readerOf(mail));
  }
  const told = await carrier?.service.told(s.scope, [listed, own]);
  t.deepEqual(
    told?.map(({ personId }) => personId),
    [listed],
  );
});
