// Who is asking: the reader's address behind proxies that the operator trusts, and its short form for the log.
import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

export type AddressOf = (request: IncomingMessage) => string;

/** `trusted`: addresses or ranges, e.g. `127.0.0.1`, `10.0.0.0/8`. */
export function makeAddressOf(trusted: readonly string[]): AddressOf {
  const ranges = trusted.map(parseRange);
  return (request) => {
    let address = plain(request.socket.remoteAddress ?? '');
    // From the nearest proxy outwards: what an untrusted peer claims about others is not believed.
    for (const hop of forwarded(request).reverse()) {
      if (!isIn(address, ranges)) break;
      if (!ipaddr.isValid(hop)) break;
      address = plain(hop);
    }
    return address;
  };
}

export function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}

/** Without the part that tells one household from the next: a /24, for IPv6 a /48. */
export function shortAddress(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return address.replace(/\.\d+$/, '.0');
  return `${parsed.toNormalizedString().split(':').slice(0, 3).join(':')}::`;
}

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

function parseRange(text: string): Range {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function isIn(address: string, ranges: Range[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return ranges.some((range) => range[0].kind() === parsed.kind() && parsed.match(range));
}

function plain(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;
}

function forwarded(request: IncomingMessage): string[] {
  const header = request.headers['x-forwarded-for'];
  const line = Array.isArray(header) ? header.join(',') : (header ?? '');
  return line
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
