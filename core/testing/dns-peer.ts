// For tests: a small DNS server on loopback that answers from a table, or says nothing at all.
import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import type { Test } from './database.ts';

export interface DnsPeer {
  /** `127.0.0.1:4711` */
  address: string;
  /** By `TXT name`, `A name` or `MX name`; what is not there does not exist. */
  records: Record<string, string[]>;
  asked: string[];
  /** What it does instead of answering. */
  mood: 'well' | 'silent' | 'broken';
}

const types: Record<number, string> = { 1: 'A', 15: 'MX', 16: 'TXT', 28: 'AAAA' };

export async function startDnsPeer(t: Test, records: DnsPeer['records'] = {}): Promise<DnsPeer> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  t.teardown(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  const { port } = socket.address() as AddressInfo;
  const peer: DnsPeer = { address: `127.0.0.1:${port}`, records, asked: [], mood: 'well' };
  socket.on('message', (query, from) => {
    const { name, type, end } = questionOf(query);
    peer.asked.push(`${type} ${name}`);
    if (peer.mood === 'silent') return;
    const found = peer.mood === 'well' ? (peer.records[`${type} ${name}`] ?? []) : [];
    const isThere = Object.keys(peer.records).some((key) => key.endsWith(` ${name}`));
    const code = peer.mood === 'broken' ? 2 : isThere ? 0 : 3;
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 | code, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(found.length, 6);
    const answers = found.map((value) => answer(query.readUInt16BE(end - 4), value));
    socket.send(
      Buffer.concat([head, query.subarray(12, end), ...answers]),
      from.port,
      from.address,
    );
  });
  return peer;
}

function questionOf(query: Buffer): { name: string; type: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  const type = types[query.readUInt16BE(at + 1)] ?? 'other';
  return { name: labels.join('.').toLowerCase(), type, end: at + 5 };
}

/** The name is a pointer to the question; 60 seconds. */
function answer(type: number, value: string): Buffer {
  const data = dataOf(type, value);
  const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, 0]);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function dataOf(type: number, value: string): Buffer {
  if (type === 1) return Buffer.from(value.split('.').map(Number));
  // As DNS has it: strings of at most 255 bytes, each behind its length; a name likewise, with a zero at its end.
  const parts = type === 16 ? (value.match(/[^]{1,255}/g) ?? ['']) : value.split('.');
  const strings = parts.flatMap((part) => [Buffer.from([part.length]), Buffer.from(part)]);
  return type === 16 ? Buffer.concat(strings) : Buffer.from([0, 10, ...Buffer.concat(strings), 0]);
}
