// A letter as the far side gets it, its signature verified by somebody else's library with the key from the DNS.
import { buffer } from 'node:stream/consumers';
import test from 'ava';
import { dkimVerify } from 'mailauth';
import { startDnsPeer } from '../testing/dns-peer.ts';
import { startMailServer } from '../testing/mail-server.ts';
import { examineDomain } from './domain.ts';
import { makeMailHouse } from './fixture.ts';
import { makeMailWay } from './way.ts';

const key = 'TXT rostra._domainkey.parti-lyon.fr';

test('a letter’s signature holds, and both headers of the one click stand in it', async (t) => {
  const house = await makeMailHouse(t);
  const dns = await startDnsPeer(t);
  const taken: { source: Buffer; from: string }[] = [];
  const mailServer = await startMailServer(t, {
    async onData(stream, { envelope }, answer) {
      const from = envelope.mailFrom ? envelope.mailFrom.address : '';
      taken.push({ source: await buffer(stream), from });
      answer();
    },
  });
  Object.assign(house.config, { dnsServers: [dns.address] });
  const values = {
    mailServer,
    mailFromAddress: 'lettre@parti-lyon.fr',
  };
  await house.settings.change(house.scope(), 'core', { values });
  const scope = house.scope();
  const look = () => examineDomain(house, scope.organization, { now: scope.now(), isAnew: true });
  const first = await look();
  dns.records[key] = [first?.records.find(({ record }) => record === 'dkim')?.value ?? ''];
  t.true((await look())?.signs);

  const way = makeMailWay({ ...house, ...house.deps, urlOf: () => 'https://parti-lyon.fr' });
  const open = await way('email').open(scope);
  if (!open) return t.fail();
  const returnPath = 'retours+1@parti-lyon.fr';
  const handed = await open.hand(
    {
      ...{
        from: open.from,
        to: 'lectrice@example.org',
        subject: 'Été',
        html: '<p>é</p>',
        text: 'é',
      },
      ...{ messageId: '<1@parti-lyon.fr>', returnPath },
      headers: {
        'List-Unsubscribe': '<https://parti-lyon.fr/unsubscribe/x>',
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    },
    1,
  );
  open.close();
  t.is(handed.state, 'accepted');
  const [letter] = taken;
  t.is(letter?.from, returnPath);
  const source = letter?.source ?? Buffer.alloc(0);
  const resolver = async (name: string) => (dns.records[`TXT ${name}`] ?? []).map((one) => [one]);
  const verify = async (text: Buffer) => (await dkimVerify(text, { resolver })).results[0];
  const found = await verify(source);
  t.is(found?.status.result, 'pass');
  t.is(found?.signingDomain, 'parti-lyon.fr');
  // RFC 8058, 4: the far side may offer the one click only where both are covered.
  const head = source.toString('latin1').replace(/\r\n[ \t]+/g, '');
  const covered =
    /^DKIM-Signature:.*?\bh=([^;]+)/im.exec(head)?.[1]?.toLowerCase().split(':') ?? [];
  t.true(covered.includes('list-unsubscribe') && covered.includes('list-unsubscribe-post'));
  const changed = source.toString('latin1').replace('=One-Click', '=Two-Click');
  t.is((await verify(Buffer.from(changed, 'latin1')))?.status.result, 'fail');
});
