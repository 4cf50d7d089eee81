// What the DNS says of a sending domain: SPF, DKIM and DMARC, and what should be entered there.
import { within } from '../bounded.ts';
import { type Lookup, makeLookup } from './dns-lookup.ts';
import { isOpen, isSpf, judgeSpf } from './dns-spf.ts';
import { isReserved } from './reserved.ts';

export const selector = 'rostra';

export interface DnsRecord {
  record: 'spf' | 'dkim' | 'dmarc';
  /** `unread`: nobody answered, so nothing is known. */
  state: 'found' | 'missing' | 'wrong' | 'unread';
  /** Of `wrong`: what is. */
  reason?: 'several' | 'open' | 'not-named' | 'too-many' | 'key' | 'policy';
  /** As it stands there. */
  found?: string;
  /** Of DMARC: none, quarantine or reject. */
  policy?: string;
  /** What to enter: a TXT record of this name and value. */
  name: string;
  value?: string;
}

export interface SendingDomain {
  domain: string;
  /** Host of the mail server as the world sees it; `undefined`: none is set. */
  host: string | undefined;
  /** Base64, as DKIM has it. */
  publicKey: string;
  /** Who reads the reports on misuse. */
  contact: string;
}

/** For all three together; a page waits for it. */
const longest = 4000;
/** Of what is shown and kept. */
const longestFound = 2048;

/** Never rejects: what cannot be read is `unread`. */
export async function readDomain(
  sending: SendingDomain,
  servers: readonly string[],
): Promise<DnsRecord[]> {
  const lookup = makeLookup(servers);
  const bare = bareRecords(sending);
  const readers = [readSpf, readDkim, readDmarc];
  const read = async (record: DnsRecord, index: number): Promise<DnsRecord> => {
    // Nobody can own such a name, and its resolver would only be troubled.
    if (isReserved(`@${sending.domain}`)) return record;
    try {
      const reading = () => readers[index]?.(lookup, sending, record) ?? Promise.resolve(record);
      return { ...record, ...(await within(longest, 'the DNS does not answer', reading)) };
    } catch {
      return record;
    }
  };
  try {
    return await Promise.all(bare.map(read));
  } finally {
    lookup.stop();
  }
}

function bareRecords({ domain, host, publicKey, contact }: SendingDomain): DnsRecord[] {
  const state = 'unread';
  return [
    { record: 'spf', state, name: domain, value: host && `v=spf1 ${termOf(host)} ~all` },
    {
      record: 'dkim',
      state,
      name: `${selector}._domainkey.${domain}`,
      value: `v=DKIM1; k=rsa; p=${publicKey}`,
    },
    {
      record: 'dmarc',
      state,
      name: `_dmarc.${domain}`,
      value: `v=DMARC1; p=none; rua=mailto:${contact}`,
    },
  ];
}

type Read = Partial<DnsRecord> & Pick<DnsRecord, 'state'>;

async function readSpf(lookup: Lookup, { domain, host }: SendingDomain): Promise<Read> {
  const records = (await lookup.txt(domain)).filter(isSpf);
  const [found] = records;
  if (!found) return { state: 'missing' };
  const value = host && withTerm(found, termOf(host));
  if (records.length > 1) return wrong('several', records.join('\n'), value);
  if (isOpen(found)) return wrong('open', found, value);
  if (!host) return { state: 'found', found, value: undefined };
  const include = includeOf(host);
  const addresses = /^[\d.]+$|:/.test(host) ? [host] : await lookup.addresses(host);
  // A relay whose name the world does not know: where mail leaves is not ours to see.
  if (addresses.length === 0 && !include) return { state: 'found', found };
  const verdict = await judgeSpf(lookup, found, { domain, sender: { addresses, include } });
  return verdict === 'allowed' ? { state: 'found', found } : wrong(verdict, found, value);
}

async function readDkim(
  lookup: Lookup,
  { publicKey }: SendingDomain,
  { name }: DnsRecord,
): Promise<Read> {
  const records = (await lookup.txt(name)).filter((text) => /(^|;)\s*p\s*=/i.test(text));
  const [found] = records;
  if (!found) return { state: 'missing' };
  if (records.length > 1) return wrong('several', records.join('\n'));
  return tagsOf(found).p === publicKey ? { state: 'found', found } : wrong('key', found);
}

/** A domain without a record of its own is under that of the domain above it. */
async function readDmarc(lookup: Lookup, { domain }: SendingDomain): Promise<Read> {
  const labels = domain.split('.');
  for (let above = 0; labels.length - above >= 2; above += 1) {
    const texts = await lookup.txt(`_dmarc.${labels.slice(above).join('.')}`);
    const records = texts.filter((text) => /^v=DMARC1(\s|;|$)/i.test(text));
    const [found] = records;
    if (!found) continue;
    if (records.length > 1) return wrong('several', records.join('\n'));
    const { p, sp } = tagsOf(found);
    const policy = ((above > 0 ? sp : undefined) ?? p ?? '').toLowerCase();
    const isKnown = ['none', 'quarantine', 'reject'].includes(policy);
    return isKnown ? { state: 'found', found, policy } : wrong('policy', found);
  }
  return { state: 'missing' };
}

function wrong(reason: DnsRecord['reason'], found: string, value?: string): Read {
  const kept = found.slice(0, longestFound);
  return { state: 'wrong', reason, found: kept, ...(value === undefined ? {} : { value }) };
}

/** `v=DKIM1; k=rsa; p=…`: blanks within a value mean nothing. */
function tagsOf(text: string): Record<string, string | undefined> {
  const pairs = text.split(';').map((pair) => {
    const [name = '', ...rest] = pair.split('=');
    return [name.trim().toLowerCase(), rest.join('=').replace(/\s+/g, '')];
  });
  return Object.fromEntries(pairs);
}

/** Providers whose machines have other names than the server that one hands mail to. */
const providers: Record<string, string> = {
  'amazonaws.com': 'amazonses.com',
  'brevo.com': 'spf.brevo.com',
  'gandi.net': '_mailcust.gandi.net',
  'gmail.com': '_spf.google.com',
  'google.com': '_spf.google.com',
  'infomaniak.com': 'spf.infomaniak.ch',
  'mailgun.org': 'mailgun.org',
  'mailjet.com': 'spf.mailjet.com',
  'office365.com': 'spf.protection.outlook.com',
  'ovh.net': 'mx.ovh.com',
  'postmarkapp.com': 'spf.mtasv.net',
  'sendgrid.net': 'sendgrid.net',
};

function includeOf(host: string): string | undefined {
  const found = Object.keys(providers).find((name) => host === name || host.endsWith(`.${name}`));
  return found && providers[found];
}

function termOf(host: string): string {
  const include = includeOf(host);
  if (include) return `include:${include}`;
  if (host.includes(':')) return `ip6:${host}`;
  return /^[\d.]+$/.test(host) ? `ip4:${host}` : `a:${host}`;
}

/** The record that is there with one term more; before what ends it. */
function withTerm(record: string, term: string): string {
  const terms = record.trim().split(/\s+/);
  const kept = terms.filter((one) => one !== term && !/^\+?all$/i.test(one));
  const end = kept.findIndex((one) => /^([-~?]all|redirect=.*)$/i.test(one));
  if (end < 0) return [...kept, term, '~all'].join(' ');
  return [...kept.slice(0, end), term, ...kept.slice(end)].join(' ');
}
