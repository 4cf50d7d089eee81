// Where a request came from, cut to what the owner of a session needs to know it again.
import ipaddr from 'ipaddr.js';

export interface Origin {
  ip: string;
  agent: string;
}

/** The network, not the line: the last byte of an IPv4 address and all beyond /48 of an IPv6 one are left out. */
export function shortIp(ip: string): string {
  if (!ipaddr.isValid(ip)) return '';
  const address = ipaddr.process(ip);
  const prefix = address.kind() === 'ipv4' ? 24 : 48;
  return `${cut(address, prefix)}/${prefix}`;
}

/** What one household or office shares: rates count it as one. */
export function rateIp(ip: string): string {
  if (!ipaddr.isValid(ip)) return 'unknown';
  const address = ipaddr.process(ip);
  return address.kind() === 'ipv4' ? address.toString() : cut(address, 64);
}

const browsers = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
] as const;
const systems = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
] as const;

/** `Firefox, Linux`; empty when it is none of those that people use. */
export function shortAgent(agent: string): string {
  return [nameIn(browsers, agent), nameIn(systems, agent)].filter(Boolean).join(', ');
}

function nameIn(names: readonly (readonly [RegExp, string])[], agent: string): string | undefined {
  return names.find(([pattern]) => pattern.test(agent))?.[1];
}

function cut(address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number): string {
  const bytes = address.toByteArray().map((byte, at) => {
    const bits = Math.max(0, Math.min(8, prefix - at * 8));
    return byte & (0xff << (8 - bits)) & 0xff;
  });
  return ipaddr.fromByteArray(bytes).toString();
}
