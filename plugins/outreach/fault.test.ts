// Mail servers that die, throttle, talk nonsense or take their time, a database that goes away, two workers at once: on loopback.
import net from 'node:net';
import test from 'ava';
import { addressOf, scene } from './fixture.ts';
import { actOf, freeze } from './freeze.ts';
import { run } from './run.ts';
import { findSend } from './send.sql.ts';
import { move } from './send.ts';

type Test = Parameters<typeof scene>[0];
type Answer = (line: string, say: (words: string) => void, socket: net.Socket) => void;

/** A server that answers line by line as it is told, after a greeting. */
async function speak(t: Test, answer: Answer): Promise<string> {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.write('220 peer.example ESMTP\r\n');
    let isText = false;
    let rest = '';
    socket.on('data', (chunk) => {
      const lines = `${rest}${chunk}`.split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (isText && line !== '.') continue;
        isText = line === 'DATA';
        answer(line, (words) => void socket.write(`${words}\r\n`), socket);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void server.close());
  const { port } = server.address() as net.AddressInfo;
  return `smtp://127.0.0.1:${port}`;
}

const polite: Answer = (line, say, socket) => {
  if (line === 'DATA') return say('354 go on');
  if (line === 'QUIT') return void socket.end('221 bye\r\n');
  return say('250 ok');
};

async function sendBy(t: Test, count: number, answer: Answer) {
  const s = await scene(t, { count });
  const url = await speak(t, answer);
  await s.app.house.settings.change(s.app.scope(), 'core', { values: { mailServer: url } });
  const id = await s.write();
  await s.releaseNow(id);
  return { ...s, id };
}

test('a server that throttles is asked again later, of all that it did not take, and nobody counts as lost', async (t) => {
  let texts = 0;
  const s = await sendBy(t, 12, (line, say, socket) => {
    if (line.startsWith('RCPT') && /lecteur[0-3]@/.test(line))
      return say('451 greylisted, try later');
    if (line !== '.') return polite(line, say, socket);
    texts += 1;
    return say(texts > 5 ? '421 too many, slow down' : '250 taken');
  });
  await run(s.scope, s.deps, s.id);
  t.like(await s.counts(s.id), { accepted: 5, waiting: 7, refused: 0, unknown: 0 });
  t.is((await findSend(s.scope, s.id))?.state, 'sending');
  const { rows } = await s.scope.db.raw(
    'select distinct state, attempts, holder, due_at > :now as later from outreach.recipient where send_id = :id and state = :ready',
    { id: s.id, now: s.scope.now(), ready: 'ready' },
  );
  t.deepEqual(rows, [{ state: 'ready', attempts: 1, holder: null, later: true }]);
  // At the last try of those that it refuses for themselves: who waits because it has enough of us is not given up.
  await s.scope.db.raw(
    'update outreach.recipient set attempts = 7, due_at = :now where send_id = :id and state = :ready',
    { id: s.id, now: s.scope.now(), ready: 'ready' },
  );
  await run(s.scope, s.deps, s.id);
  t.like(await s.counts(s.id), { accepted: 5, waiting: 3, refused: 4, unknown: 0 });
});

test('of a server that takes a letter and dies nobody knows, of that letter alone', async (t) => {
  const had: string[] = [];
  let texts = 0;
  const s = await sendBy(t, 10, (line, say, socket) => {
    if (line.startsWith('RCPT')) had.push(line);
    if (line !== '.') return polite(line, say, socket);
    texts += 1;
    if (texts % 3 === 0) return void socket.destroy();
    return say('250 taken');
  });
  await run(s.scope, s.deps, s.id);
  t.like(await s.counts(s.id), { accepted: 7, unknown: 3, waiting: 0, refused: 0 });
  t.is(new Set(had).size, 10);
  t.is(had.length, 10, 'nobody was named to it twice');
});

test('a server that talks nonsense instead of an answer leaves its letter unknown', async (t) => {
  const s = await sendBy(t, 3, (line, say, socket) =>
    line === '.' ? say('hello?\r\n<html>\u0000') : polite(line, say, socket),
  );
  await run(s.scope, s.deps, s.id);
  t.like(await s.counts(s.id), { accepted: 0, unknown: 3, waiting: 0 });
});

test('while a server takes its time the others wait untouched, and a pause is heard by all of them', async (t) => {
  const held: (() => void)[] = [];
  let isOpen = false;
  const s = await sendBy(t, 20, (line, say, socket) => {
    if (line !== '.' || isOpen) return polite(line, say, socket);
    return void held.push(() => say('250 taken'));
  });
  const running = run(s.scope, s.deps, s.id);
  while (held.length < 5) await new Promise((resolve) => setTimeout(resolve, 20));
  await move(s.scope, s.deps, s.id, 'pause');
  isOpen = true;
  for (const go of held) go();
  await running;
  t.like(await s.counts(s.id), { accepted: 5, waiting: 15, unknown: 0 });
  const { rows } = await s.scope.db.raw(
    'select distinct state, attempts from outreach.recipient where send_id = :id and state <> :accepted',
    { id: s.id, accepted: 'accepted' },
  );
  t.deepEqual(rows, [{ state: 'ready', attempts: 0 }]);
});

test('of two workers that freeze one list both write it once, and one alone begins', async (t) => {
  const s = await scene(t, { count: 40 });
  const id = await s.write();
  await s.releaseNow(id);
  const send = await findSend(s.scope, id);
  if (!send) return t.fail();
  const info = { id: 'email', name: '', begin: '', href: '', reach: 'email' } as const;
  const act = actOf(info, s);
  const both = await Promise.all([1, 2].map(() => freeze(s.scope, s.deps, send, act)));
  t.deepEqual(both.sort(), [false, true]);
  t.is((await s.counts(id)).all, 40);
  // Whoever comes late to it adds nobody.
  await s.scope.db.raw('delete from outreach.recipient where send_id = :id', { id });
  t.false(await freeze(s.scope, s.deps, send, act));
  t.is((await s.counts(id)).all, 0);
});

test('a database that hangs up in mid-send costs nobody a letter, and nobody gets two', async (t) => {
  const s = await scene(t, { count: 60 });
  const id = await s.write();
  await s.releaseNow(id);
  let cuts = 0;
  s.sink.hooks.onData = async () => {
    if (s.sink.taken.length % 15 !== 7) return;
    cuts += 1;
    // As PostgreSQL does to all when it stops: ours go with the others.
    await s.scope.db
      .raw(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and query like '%outreach%'`,
      )
      .catch(() => undefined);
  };
  for (let turn = 0; turn < 20 && (await findSend(s.scope, id))?.state !== 'done'; turn += 1) {
    await run(s.scope, s.deps, id).catch(() => undefined);
  }
  t.true(cuts > 0);
  t.is((await findSend(s.scope, id))?.state, 'done');
  t.deepEqual(s.sink.readers().sort(), Array.from({ length: 60 }, (_, at) => addressOf(at)).sort());
  t.like(await s.counts(id), { accepted: 60, unknown: 0, waiting: 0 });
});
