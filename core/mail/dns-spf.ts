// SPF (RFC 7208), as far as one must read it to say whether a record lets a mail server send.
import ipaddr from 'ipaddr.js';
import type { Lookup } from './dns-lookup.ts';

/** Who sends: the addresses of the mail server, and the record that its provider wants included. */
export interface SpfSender {
  addresses: readonly string[];
  include: string | undefined;
}

export type SpfVerdict = 'allowed' | 'not-named' | 'too-many';

/** A receiver gives up after ten questions, and so do we. */
const mostLookups = 10;

export function isSpf(text: string): boolean {
  return /^v=spf1(\s|$)/i.test(text);
}

/** Everybody may send in the domain's name: worse than no record. */
export function isOpen(record: string): boolean {
  return /\s\+?all(\s|$)/i.test(record);
}

export async function judgeSpf(
  lookup: Lookup,
  record: string,
  { domain, sender }: { domain: string; sender: SpfSender },
): Promise<SpfVerdict> {
  const walk = { lookup, sender, asked: 0 };
  if (await names(walk, record, domain)) return 'allowed';
  return walk.asked > mostLookups ? 'too-many' : 'not-named';
}

interface Walk {
  lookup: Lookup;
  sender: SpfSender;
  asked: number;
}

async function names(walk: Walk, record: string, domain: string): Promise<boolean> {
  for (const term of record.trim().split(/\s+/).slice(1)) {
    if (await termNames(walk, term.toLowerCase(), domain)) return true;
  }
  return false;
}

async function termNames(walk: Walk, term: string, domain: string): Promise<boolean> {
  const [, name = '', , value = ''] =
    /^\+?(ip4|ip6|a|mx|include|redirect)(([:=/].*)|$)/.exec(term) ?? [];
  const given = value.replace(/^[:=]/, '');
  if (name === 'ip4' || name === 'ip6') return holds(given, walk.sender);
  if (name === '') return false;
  walk.asked += 1;
  if (walk.asked > mostLookups) return false;
  if (name === 'include' || name === 'redirect') return includes(walk, given);
  const [host, length] = hostOf(given, domain);
  const hosts = name === 'mx' ? await walk.lookup.mx(host) : [host];
  const found = await Promise.all(hosts.slice(0, mostLookups).map(walk.lookup.addresses));
  return found.flat().some((address) => holds(`${address}${length}`, walk.sender));
}

async function includes(walk: Walk, name: string): Promise<boolean> {
  if (name === walk.sender.include) return true;
  const record = (await walk.lookup.txt(name)).find(isSpf);
  return record !== undefined && names(walk, record, name);
}

/** `a:mail.example/24`, `a/24` and `a` alone. An IPv6 length behind `//` is left out. */
function hostOf(given: string, domain: string): [host: string, length: string] {
  const [host, length] = given.split('/');
  return [host || domain, length ? `/${length}` : ''];
}

function holds(range: string, { addresses }: SpfSender): boolean {
  return addresses.some((address) => {
    try {
      const one = ipaddr.process(address);
      if (!range.includes('/')) return one.toString() === ipaddr.process(range).toString();
      const [net, bits] = ipaddr.parseCIDR(range);
      return net.kind() === one.kind() && one.match(net, bits);
    } catch {
      return false;
    }
  });
}
