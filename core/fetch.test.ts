import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import { isPublic, makeFetch } from './fetch.ts';
import type { Scope } from './scope.ts';

const scope = undefined as unknown as Scope;
const config = { url: 'https://parti.example' };

async function startPeer(t: { teardown(fn: () => unknown): void }, listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `127.0.0.1:${port}`;
}

const causeOf = (error: unknown) => String((error as { cause?: unknown }).cause);

test('an answer comes back as text, with its head', async (t) => {
  const host = await startPeer(t, (request, response) => {
    response.setHeader('content-type', 'text/plain');
    request.pipe(response.writeHead(418));
  });
  const fetch = makeFetch({ config, allowPrivate: [host] })();
  const answer = await fetch.text(scope, `http://${host}/`, { method: 'POST', body: 'tea' });
  t.is(answer.status, 418);
  t.is(answer.body, 'tea');
  t.is(answer.headers['content-type'], 'text/plain');
});

test('an address inside the house is refused, however it is written', async (t) => {
  let asked = 0;
  const host = await startPeer(t, (_request, response) => {
    asked += 1;
    response.end();
  });
  const port = host.split(':')[1];
  const fetch = makeFetch({ config })();
  const hosts = ['127.0.0.1', '127.1', '2130706433', '0x7f.1', 'localhost', '[::1]', '0.0.0.0'];
  for (const name of [...hosts, '[::ffff:127.0.0.1]']) {
    const error = await t.throwsAsync(fetch.text(scope, `http://${name}:${port}/`), {
      message: /core\.unavailable/,
    });
    t.regex(causeOf(error), /not a public one/, name);
  }
  t.is(asked, 0);
});

test('a redirect to an address inside the house is not followed', async (t) => {
  let inside = 0;
  const target = await startPeer(t, (_request, response) => {
    inside += 1;
    response.end('secret');
  });
  const host = await startPeer(t, (_request, response) => {
    response.writeHead(302, { location: `http://${target}/` }).end();
  });
  const fetch = makeFetch({ config, allowPrivate: [host] })();
  const error = await t.throwsAsync(fetch.text(scope, `http://${host}/`));
  t.regex(causeOf(error), /not a public one/);
  t.is(inside, 0);
});

test('credentials stay with the host that they are for', async (t) => {
  const seen: (string | undefined)[] = [];
  const target = await startPeer(t, (request, response) => {
    seen.push(request.headers.authorization, request.method);
    response.end();
  });
  const host = await startPeer(t, (_request, response) => {
    response.writeHead(303, { location: `http://${target}/` }).end();
  });
  const fetch = makeFetch({ config, allowPrivate: [host, target] })();
  const headers = { authorization: 'Bearer x' };
  await fetch.text(scope, `http://${host}/`, { method: 'POST', body: 'x', headers });
  t.deepEqual(seen, [undefined, 'GET']);
});

test('what is too long, too slow or turns in circles is given up', async (t) => {
  const host = await startPeer(t, (request, response) => {
    if (request.url === '/long') response.end('x'.repeat(2000));
    if (request.url === '/circle') response.writeHead(302, { location: '/circle' }).end();
    // `/slow` begins and never ends.
    if (request.url === '/slow') response.write('x');
  });
  const fetch = makeFetch({ config, allowPrivate: [host] })();
  const long = await t.throwsAsync(fetch.text(scope, `http://${host}/long`, { maxBytes: 1000 }));
  t.regex(causeOf(long), /longer than 1000/);
  const circle = await t.throwsAsync(fetch.text(scope, `http://${host}/circle`));
  t.regex(causeOf(circle), /too often/);
  await t.throwsAsync(fetch.text(scope, `http://${host}/slow`, { timeout: 200 }));
});

test('other schemes and addresses with passwords are refused', async (t) => {
  const fetch = makeFetch({ config })();
  for (const url of ['file:///etc/passwd', 'ftp://example.org/', 'http://a:b@example.org/', 'x']) {
    await t.throwsAsync(fetch.text(scope, url), { message: /core\.unavailable/ }, url);
  }
});

test('only addresses of the public internet are public', (t) => {
  for (const address of ['93.184.216.34', '2606:2800:220:1::1']) t.true(isPublic(address), address);
  const others = ['10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1'];
  const six = ['::', 'fe80::1', 'fc00::1', 'ff02::1', '64:ff9b::7f00:1', '::ffff:10.0.0.1'];
  for (const address of [...others, ...six, '224.0.0.1', '255.255.255.255', 'x']) {
    t.false(isPublic(address), address);
  }
});
