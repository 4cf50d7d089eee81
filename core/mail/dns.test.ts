// What the DNS says of a sending domain, asked of a real server on loopback.
import test from 'ava';
import { type DnsPeer, startDnsPeer } from '../testing/dns-peer.ts';
import { readDomain } from './dns.ts';

const publicKey = 'M'.repeat(392);
const domain = 'parti-lyon.fr';
const dkim = `TXT rostra._domainkey.${domain}`;

async function read(peer: DnsPeer, host: string | undefined = 'mail.parti-lyon.fr') {
  const sending = { domain, host, publicKey, contact: 'donnees@parti-lyon.fr' };
  const records = await readDomain(sending, [peer.address]);
  return Object.fromEntries(records.map((record) => [record.record, record]));
}

test('a domain that says nothing is told what to enter where', async (t) => {
  const found = await read(await startDnsPeer(t));
  t.deepEqual(
    Object.values(found).map(({ state, name, value }) => [state, name, value]),
    [
      ['missing', domain, 'v=spf1 a:mail.parti-lyon.fr ~all'],
      ['missing', `rostra._domainkey.${domain}`, `v=DKIM1; k=rsa; p=${publicKey}`],
      ['missing', `_dmarc.${domain}`, 'v=DMARC1; p=none; rua=mailto:donnees@parti-lyon.fr'],
    ],
  );
});

test('a domain that says all is found right, its key in pieces and its policy read', async (t) => {
  const peer = await startDnsPeer(t, {
    [`TXT ${domain}`]: ['other=1', 'v=spf1 mx -all'],
    [`MX ${domain}`]: ['mx.parti-lyon.fr'],
    'A mx.parti-lyon.fr': ['192.0.2.7'],
    'A mail.parti-lyon.fr': ['192.0.2.7'],
    [dkim]: [`v=DKIM1; k=rsa; p=${publicKey.slice(0, 200)} ${publicKey.slice(200)}`],
    [`TXT _dmarc.${domain}`]: ['v=DMARC1; p=quarantine; pct=50'],
  });
  const { spf, dkim: key, dmarc } = await read(peer);
  t.like(spf, { state: 'found', found: 'v=spf1 mx -all' });
  t.is(key?.state, 'found');
  t.like(dmarc, { state: 'found', policy: 'quarantine' });
});

const spf = test.macro(
  async (
    t,
    given: { texts: string[]; host?: string; more?: DnsPeer['records'] },
    expected: object,
  ) => {
    const peer = await startDnsPeer(t, {
      [`TXT ${domain}`]: given.texts,
      'A mail.parti-lyon.fr': ['192.0.2.7'],
      ...given.more,
    });
    t.like((await read(peer, given.host)).spf, expected);
  },
);
test(
  'SPF: a network that holds the server',
  spf,
  { texts: ['v=spf1 ip4:192.0.2.0/24 -all'] },
  {
    state: 'found',
  },
);
test(
  'SPF: a server that is not named; the term goes before the end',
  spf,
  { texts: ['v=spf1 ip4:198.51.100.0/24 -all'] },
  {
    state: 'wrong',
    reason: 'not-named',
    value: 'v=spf1 ip4:198.51.100.0/24 a:mail.parti-lyon.fr -all',
  },
);
test(
  'SPF: a term that refuses the server names it not',
  spf,
  { texts: ['v=spf1 -ip4:192.0.2.7 ~all'] },
  {
    reason: 'not-named',
  },
);
test(
  'SPF: two lines count as none',
  spf,
  { texts: ['v=spf1 a ~all', 'v=spf1 mx ~all'] },
  {
    reason: 'several',
  },
);
test(
  'SPF: everybody may send',
  spf,
  { texts: ['v=spf1 +all'] },
  {
    reason: 'open',
    value: 'v=spf1 a:mail.parti-lyon.fr ~all',
  },
);
test(
  'SPF: a provider is known by what it wants included, at any depth',
  spf,
  {
    texts: ['v=spf1 include:team.example.fr ~all'],
    host: 'smtp-relay.brevo.com',
    more: { 'TXT team.example.fr': ['v=spf1 include:spf.brevo.com -all'] },
  },
  { state: 'found' },
);
test(
  'SPF: a provider that is not included',
  spf,
  { texts: ['v=spf1 mx ~all'], host: 'in-v3.mailjet.com' },
  { reason: 'not-named', value: 'v=spf1 mx include:spf.mailjet.com ~all' },
);
test(
  'SPF: a circle ends after ten questions',
  spf,
  { texts: [`v=spf1 include:${domain} ~all`] },
  { reason: 'too-many' },
);

test('another key, and a policy that is none, are wrong', async (t) => {
  const peer = await startDnsPeer(t, {
    [dkim]: ['v=DKIM1; k=rsa; p=AAAA'],
    [`TXT _dmarc.${domain}`]: ['v=DMARC1; rua=mailto:x@parti-lyon.fr'],
  });
  const found = await read(peer);
  t.like(found.dkim, { state: 'wrong', reason: 'key' });
  t.like(found.dmarc, { state: 'wrong', reason: 'policy' });
});

test('a DNS that is silent or broken is not read, within seconds, and nothing is claimed', async (t) => {
  const peer = await startDnsPeer(t);
  for (const mood of ['broken', 'silent'] as const) {
    peer.mood = mood;
    const begun = performance.now();
    const states = Object.values(await read(peer)).map(({ state }) => state);
    t.deepEqual(states, ['unread', 'unread', 'unread'], mood);
    t.true(performance.now() - begun < 10_000);
  }
});

test('nobody is asked about a domain that is kept for examples', async (t) => {
  const peer = await startDnsPeer(t);
  const sending = {
    domain: 'parti.example',
    host: undefined,
    publicKey,
    contact: 'a@parti.example',
  };
  const records = await readDomain(sending, [peer.address]);
  t.deepEqual(new Set(records.map(({ state }) => state)), new Set(['unread']));
  t.deepEqual(peer.asked, []);
});
