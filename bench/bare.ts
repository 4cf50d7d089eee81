// The limit: node:http that sends the same bytes, headers and body, and does nothing else.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const [file = '', headers = '[]'] = process.argv.slice(2);
const body = readFileSync(file);
const lines: string[] = JSON.parse(headers);

const server = createServer((_req, res) => {
  res.writeHead(200, lines);
  res.end(body);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on ${(server.address() as AddressInfo).port}\n`);
});
