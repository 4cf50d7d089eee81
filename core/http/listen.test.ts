import net from 'node:net';
import test from 'ava';
import { router } from './context.ts';
import { makeFixture } from './fixture.ts';

const site = router();
site.get('/hello', (ctx) => ctx.render('hello'));
const plugins = { website: { site } };
const hasty = { headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 50 };

async function speak(port: number, ...pieces: string[]): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  for (const piece of pieces) socket.write(piece);
  let answer = '';
  socket.on('error', () => {});
  for await (const chunk of socket) answer += chunk;
  return answer;
}

test('who sends headers drop by drop is cut off with 408', async (t) => {
  const { port } = await makeFixture(t, { plugins, patience: hasty });
  t.regex(await speak(port, 'GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: '), /^HTTP\/1.1 408/);
});

test('headers that are too large are refused with 431', async (t) => {
  const { port, get } = await makeFixture(t, { plugins });
  const large = `GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`;
  t.regex(await speak(port, large), /^HTTP\/1.1 431/);
  t.is((await get('/hello')).status, 200);
});

test('what is no HTTP, or has no host, is refused with 400', async (t) => {
  const { port } = await makeFixture(t, { plugins });
  t.regex(await speak(port, 'hello there\r\n\r\n'), /^HTTP\/1.1 400/);
  t.regex(await speak(port, 'GET /hello HTTP/1.1\r\n\r\n'), /^HTTP\/1.1 400/);
});
