// For the tests: a party, a French one unless said otherwise, with subscribers to its first newsletter, and a mail server on loopback.
import { type ParsedMail, simpleParser } from 'mailparser';
import { Outreach } from 'rostra/outreach';
import { Consents, Newsletters, People } from 'rostra/people';
import { makeApp, startMailServer } from 'rostra/testing';
import { spoken } from './content.ts';
import { depsOf } from './deps.ts';

type Test = Parameters<typeof makeApp>[0];

export const content = {
  subject: 'Bonjour {{prénom|chers amis}}',
  preheader: 'Trois dates à réserver',
  blocks: [
    { kind: 'heading', text: 'Nos actions', href: '' },
    { kind: 'paragraph', text: 'Cher {{prénom|ami}}, lisez [le bilan](/bilan).', href: '' },
    { kind: 'button', text: 'Je participe', href: '/agir' },
  ],
};

export async function scene(
  t: Test,
  { count = 1, now = '2026-11-24T10:00:00Z', jurisdiction = 'fr', locale = 'fr' } = {},
) {
  const { url: smtpUrl, taken } = await startSink(t);
  const app = await makeApp(t, { jurisdiction, locale, smtpUrl, now });
  const [scope, get] = [app.scope(), app.get('email')];
  const [newsletter] = await get(Newsletters).list(scope);
  if (!newsletter) throw new Error('a party begins with a newsletter');
  const staff = await app.staff('organiser');
  const outreach = get(Outreach);
  for (let place = 0; place < count; place += 1) {
    const { id } = await get(People).upsert(scope, {
      ...{ emailAddress: `lecteur${place}@example.org`, givenName: `Jeanne${place}` },
      source: 'website.sign-up',
    });
    await get(Newsletters).subscribe(scope, id, newsletter.id);
    await get(Consents).give(scope, {
      ...{ personId: id, channel: 'email', purpose: 'newsletter', wording: 'Oui.', locale: 'fr' },
      ...{ source: 'website.sign-up', evidence: { form: '1', confirmedAt: '2026-11-01' } },
    });
  }
  const write = (more: object = {}) =>
    outreach.create(scope, {
      ...{ channel: 'email', name: spoken(content.subject), newsletterId: newsletter.id },
      content: { ...content, ...more },
    });
  /** Answers once each reader has it. */
  const send = async (more: object = {}): Promise<string> => {
    const id = await write(more);
    const sent = await staff.post(`/admin/outreach/${id}/release`, { version: '1', when: 'now' });
    if (sent.status !== 303) throw new Error(`not released: ${sent.body}`);
    await app.drain();
    return id;
  };
  return { app, scope, staff, newsletter, deps: depsOf(get), taken, outreach, write, send };
}

export type Scene = Awaited<ReturnType<typeof scene>>;

async function startSink(t: Test): Promise<{ url: string; taken: ParsedMail[] }> {
  const taken: ParsedMail[] = [];
  const url = await startMailServer(t, {
    onData: (stream, _session, answer) =>
      void simpleParser(stream).then((mail) => {
        taken.push(mail);
        answer();
      }, answer),
  });
  return { url, taken };
}
