import net from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { headOf, writeHead } from './head.ts';
import { makeServer } from './listen.ts';

const body = 'Où l’on respire';
const lines = ['Content-Type', 'text/html', 'ETag', 'W/"a"', 'Content-Length', String(body.length)];
const head = headOf(lines);

/** What leaves for these requests, once with our head and once with node's. */
async function bothSides(t: ExecutionContext, requests: string): Promise<[string, string]> {
  const server = makeServer((req, res) => {
    if (req.url === '/ours') writeHead(res, head, Date.now());
    else res.writeHead(200, lines);
    res.end(body, 'latin1');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close().closeAllConnections());
  const { port } = server.address() as net.AddressInfo;
  const ask = (path: string) => speak(port, requests.replaceAll('/page', path));
  return [await ask('/ours'), await ask('/node')];
}

/** All that comes until each is answered and the line silent for a moment, without what the second of the day changes. */
function speak(port: number, text: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
  const headers = text.match(/HTTP\/1/g)?.length ?? 0;
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1');
    if (answer.split('\r\n\r\n').length > headers) socket.setTimeout(150, () => socket.destroy());
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => resolve(answer.replaceAll(/\d\d GMT/g, 'GMT')));
  });
}

const ask = (method: string, version: string, more = '') =>
  `${method} /page HTTP/${version}\r\nHost: a.example\r\n${more}\r\n`;

for (const [name, requests] of Object.entries({
  'on a line that stays open': ask('GET', '1.1'),
  'on a line that the reader wants closed': ask('GET', '1.1', 'Connection: close\r\n'),
  'in HTTP/1.0': ask('GET', '1.0'),
  'in HTTP/1.0 on a line that stays open': ask('GET', '1.0', 'Connection: keep-alive\r\n'),
  'to HEAD': ask('HEAD', '1.1'),
  'three times to who asks without waiting': ask('GET', '1.1').repeat(3),
})) {
  test(`what leaves is what node would send, ${name}`, async (t) => {
    const [ours, nodes] = await bothSides(t, requests);
    t.regex(ours, /^HTTP\/1.1 200 OK\r\nContent-Type: text\/html\r\n/);
    t.regex(ours, /\r\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:GMT\r\n/);
    t.is(ours, nodes);
  });
}

test('a line that would become two is refused before anybody asks', (t) => {
  t.throws(() => headOf(['ETag', 'a\r\nSet-Cookie: b']), { code: 'ERR_INVALID_CHAR' });
  t.throws(() => headOf(['E Tag', 'a']), { code: 'ERR_INVALID_HTTP_TOKEN' });
});
