// A real HTTP peer on loopback, for what speaks to the outside.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from './database.ts';

export interface Peer {
  url: string;
  /** `127.0.0.1:4711`, for `allowPrivate`. */
  host: string;
  /** Every address asked for, in order. */
  asked: string[];
}

export async function makePeer(
  t: Test,
  answer: (req: IncomingMessage, res: ServerResponse) => void,
): Promise<Peer> {
  const asked: string[] = [];
  const server = createServer((req, res) => {
    asked.push(req.url ?? '');
    answer(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}`, host, asked };
}
