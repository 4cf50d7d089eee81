import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { fixedClock } from '../clock.ts';
import { deliverMail } from './deliver.ts';
import { type MailHouse, makeMailHouse, startMailPeer } from './fixture.ts';
import { deleteMail, findOutbox, findOutboxMail, releaseMail } from './outbox.sql.ts';

const statesOf = async (house: MailHouse) =>
  (await findOutbox(house.scope(), { limit: 99 })).map(({ state }) => state);

test('a message waits as its reader will see it, and leaves once when there is a server', async (t) => {
  const house = await makeMailHouse(t);
  const peer = await startMailPeer(t);
  const id = await house.send();
  await house.jobs.drain();
  t.deepEqual(await statesOf(house), ['ready']);
  const waiting = await findOutboxMail(house.scope(), id);
  t.is(waiting?.subject, 'Test message from Party');
  t.regex(waiting?.html ?? '', /Party/);
  t.regex(waiting?.text ?? '', /Party/);

  await house.setServer(peer.url);
  await house.jobs.drain();
  t.deepEqual(await statesOf(house), ['accepted']);
  t.is(peer.received.length, 1);
  t.is(peer.received[0]?.subject, 'Test message from Party');
  t.is(peer.received[0]?.from?.text, '"Party" <donnees@parti.example>');

  await house.jobs.drain();
  await deliverMail(house.deps, house.scope());
  t.is(peer.received.length, 1);
});

test('nothing leaves while the legal identity is not complete', async (t) => {
  const house = await makeMailHouse(t);
  const peer = await startMailPeer(t);
  await house.setServer(peer.url);
  await house.database.db.raw(`update core.organization set legal = legal - 'host'`);
  await house.organizations.reload();
  await house.send();
  await house.jobs.drain();
  t.deepEqual(await statesOf(house), ['ready']);
  t.is(peer.received.length, 0);
});

test('a message is taken back with its transaction', async (t) => {
  const house = await makeMailHouse(t);
  const { makeMail } = await import('./mail.ts');
  const mail = makeMail(house.deps)('core');
  await t.throwsAsync(
    house.scope().write(async (scope) => {
      await mail.send(scope, { to: 'anna@example.org', view: 'mail/test', data: {} });
      throw new Error('rolled back');
    }),
  );
  t.deepEqual(await statesOf(house), []);
});

test('a message is written in its reader’s language, whoever acts', async (t) => {
  const house = await makeMailHouse(t);
  const { makeMail } = await import('./mail.ts');
  const mail = makeMail(house.deps)('core');
  const subjects: (string | undefined)[] = [];
  for (const locale of ['en', 'fr', 'xx']) {
    const message = { to: 'anna@example.org', view: 'mail/test', data: {}, locale };
    const id = await mail.send(house.scope(), message);
    subjects.push((await findOutboxMail(house.scope(), id))?.subject);
  }
  const [english, french, neither] = subjects;
  t.is(english, 'Test message from Party');
  t.not(french, english);
  t.true([english, french].includes(neither), 'one that is not installed is the scope’s');
});

test('an address that could break a header is refused', async (t) => {
  const house = await makeMailHouse(t);
  for (const to of ['a@b.example\nBcc: x@y.example', 'a@b.example, c@d.example', 'none']) {
    await t.throwsAsync(house.send(to), { message: /core\.invalid/ });
  }
});

test('a temporary refusal is tried again later, a final one is not', async (t) => {
  const clock = fixedClock('2026-01-01T10:00:00Z');
  const house = await makeMailHouse(t, clock);
  const peer = await startMailPeer(t);
  await house.setServer(peer.url);
  const no = (responseCode: number) => () => {
    throw Object.assign(new Error('anna@example.org not now'), { responseCode });
  };
  peer.hooks.onData = no(451);
  const id = await house.send();
  await house.jobs.drain();
  t.deepEqual(await statesOf(house), ['ready']);
  t.false((await findOutboxMail(house.scope(), id))?.answer?.includes('anna'));
  await deliverMail(house.deps, house.scope());
  t.is(peer.received.length, 1);

  clock.set('2026-01-01T10:05:00Z');
  peer.hooks.onData = no(550);
  await deliverMail(house.deps, house.scope());
  t.deepEqual(await statesOf(house), ['refused']);
  clock.set('2026-01-03T10:05:00Z');
  await deliverMail(house.deps, house.scope());
  t.is(peer.received.length, 2);
});

test('while the server does not answer messages wait, and that is no attempt', async (t) => {
  const clock = fixedClock('2026-01-01T10:00:00Z');
  const house = await makeMailHouse(t, clock);
  await house.setServer('smtp://127.0.0.1:9');
  const id = await house.send();
  await house.jobs.drain();
  const mail = await findOutboxMail(house.scope(), id);
  t.is(mail?.state, 'ready');
  t.is(mail?.attempts, 0);
});

test('a message that was handed over when the worker was killed is unknown, and never sent again by itself', async (t) => {
  const house = await makeMailHouse(t);
  const peer = await startMailPeer(t);
  await house.setServer(peer.url);
  const id = await house.send();
  // The worker dies when the peer has the message and before it hears the answer.
  await new Promise<void>((resolve) => {
    const script = fileURLToPath(new URL('./killed-sender.ts', import.meta.url));
    const env = { ...process.env, KILLED_SENDER: JSON.stringify([house.database.url, peer.url]) };
    const child = spawn(process.execPath, ['--import=./core/typescript.mjs', script], {
      env,
      stdio: 'inherit',
    });
    peer.hooks.onData = () => void child.kill('SIGKILL');
    child.once('exit', () => resolve());
  });
  peer.hooks.onData = undefined;
  t.is(peer.received.length, 1);
  t.deepEqual(await statesOf(house), ['handed']);
  await house.jobs.drain();
  await deliverMail(house.deps, house.scope());
  t.deepEqual(await statesOf(house), ['unknown']);
  t.is(peer.received.length, 1);

  t.true(await releaseMail(house.scope(), id));
  await deliverMail(house.deps, house.scope());
  t.is(peer.received.length, 2);
});

test('when the line is cut after the message, nobody knows whether it arrived', async (t) => {
  const house = await makeMailHouse(t);
  const { createServer } = await import('node:net');
  let messages = 0;
  // Speaks just enough SMTP to take a message and fall silent.
  const server = createServer((socket) => {
    let inMessage = false;
    socket.on('error', () => {});
    socket.write('220 here\r\n');
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n').slice(0, -1)) {
        if (inMessage && line === '.') {
          messages += 1;
          socket.destroy();
        } else if (!inMessage) {
          inMessage = line === 'DATA';
          socket.write(
            inMessage ? '354 go on\r\n' : line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n',
          );
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as { port: number };
  await house.setServer(`smtp://127.0.0.1:${port}`);
  await house.send();
  await house.jobs.drain();
  await deliverMail(house.deps, house.scope());
  t.deepEqual(await statesOf(house), ['unknown']);
  t.is(messages, 1);
});

test('two workers send each message once', async (t) => {
  const house = await makeMailHouse(t);
  const peer = await startMailPeer(t);
  await house.setServer(peer.url);
  for (let i = 0; i < 12; i += 1) await house.send(`reader${i}@example.org`);
  await Promise.all([
    deliverMail(house.deps, house.scope()),
    deliverMail(house.deps, house.scope()),
    deliverMail(house.deps, house.scope()),
  ]);
  const readers = peer.received.map((mail) => [mail.to].flat()[0]?.text);
  t.is(readers.length, 12);
  t.is(new Set(readers).size, 12);
});

test('a sister chapter neither sees nor touches a message', async (t) => {
  const house = await makeMailHouse(t);
  const id = await house.send('anna@example.org', { organization: house.lyon });
  const sister = house.scope(house.nice);
  t.deepEqual(await findOutbox(sister, { limit: 9 }), []);
  t.is(await findOutboxMail(sister, id), undefined);
  t.false(await releaseMail(sister, id));
  t.false(await deleteMail(sister, id));
  t.is((await findOutbox(house.scope(house.lyon), { limit: 9 })).length, 1);
});
