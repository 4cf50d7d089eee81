// The limit: node:http that sends the same bytes and does nothing else.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const [file = '', encoding = ''] = process.argv.slice(2);
const body = readFileSync(file);
const headers: Record<string, string | number> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Length': body.length,
};
if (encoding !== '') headers['Content-Encoding'] = encoding;

const server = createServer((_req, res) => {
  res.writeHead(200, headers);
  res.end(body);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on ${(server.address() as AddressInfo).port}\n`);
});
