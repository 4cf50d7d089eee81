// In whose name messages leave: two chapters and their party, seen by the mail server and by a receiver's reply.
import test from 'ava';
import { startDnsPeer } from '../testing/dns-peer.ts';
import { makeApp } from '../testing/index.ts';
import { examineDomain } from './domain.ts';
import { startMailPeer } from './fixture.ts';

const key = 'TXT rostra._domainkey.parti-lyon.fr';

async function scene(t: Parameters<typeof makeApp>[0]) {
  const [peer, dns] = [await startMailPeer(t), await startDnsPeer(t)];
  const app = await makeApp(t, { smtpUrl: peer.url, dnsServers: [dns.address] });
  const set = (id: string | undefined, values: object) =>
    app.house.settings.change(app.scope(id), 'core', { values: { ...values } });
  await set(undefined, { mailFromAddress: 'lettre@parti.fr', mailFromName: 'Le parti' });
  const sentBy = async (id?: string) => {
    const message = { to: 'anna@example.org', view: 'mail/test', data: {} };
    await app.house.mail('core').send(app.scope(id), message);
    await app.drain();
    const mail = peer.received.at(-1);
    return { from: mail?.from?.text, answers: mail?.replyTo?.text };
  };
  return { app, dns, set, sentBy };
}

test('a chapter writes in its own name and is answered at its own address; what it does not set is the party’s', async (t) => {
  const { app, set, sentBy } = await scene(t);
  const [lyon, lille] = [await app.chapter('Lyon'), await app.chapter('Lille')];
  await set(lyon, {
    ...{ mailFromName: 'Section de Lyon', mailFromAddress: 'lyon@parti.fr' },
    mailReplyTo: 'contact@lyon-parti.example',
  });
  t.deepEqual(await sentBy(lyon), {
    from: '"Section de Lyon" <lyon@parti.fr>',
    answers: 'contact@lyon-parti.example',
  });
  t.deepEqual(await sentBy(lille), { from: '"Le parti" <lettre@parti.fr>', answers: undefined });
});

test('from a domain that nothing shows to be its own a chapter does not write until the DNS says so', async (t) => {
  const { app, dns, set, sentBy } = await scene(t);
  const lyon = await app.chapter('Lyon');
  await set(lyon, { mailFromName: 'Section de Lyon', mailFromAddress: 'lettre@parti-lyon.fr' });
  const staff = await app.staff('administrator', lyon);
  const kept = { from: '"Section de Lyon" <lettre@parti.fr>', answers: 'lettre@parti-lyon.fr' };
  t.deepEqual(await sentBy(lyon), kept);
  const page = await staff.get('/admin/@lyon/sending');
  t.regex(page.body, /Messages leave from lettre@parti\.fr for now/);

  const scope = app.scope(lyon);
  const { organization } = scope;
  const look = () => examineDomain(app.house, organization, { now: scope.now(), isAnew: true });
  const dkim = (await look())?.records.find(({ record }) => record === 'dkim')?.value ?? '';
  dns.records[key] = [dkim];
  t.true((await look())?.signs);
  const own = { from: '"Section de Lyon" <lettre@parti-lyon.fr>', answers: undefined };
  t.deepEqual(await sentBy(lyon), own);
  t.notRegex((await staff.get('/admin/@lyon/sending')).body, /for now/);
});
