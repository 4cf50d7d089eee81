// For the tests of returned mail: a chapter whose letters left, a mail server that keeps their envelopes, and reports.
import { text } from 'node:stream/consumers';
import { Outreach } from 'rostra/outreach';
import { Consents, Newsletters, People } from 'rostra/people';
import type { Scope } from 'rostra/plugin';
import { type App, type AppOptions, makeApp, startMailServer } from 'rostra/testing';
import { depsOf } from '../deps.ts';

type Test = Parameters<typeof makeApp>[0];

export interface Taken {
  from: string;
  to: string;
  source: string;
}

async function startSink(t: Test): Promise<{ url: string; taken: Taken[] }> {
  const taken: Taken[] = [];
  const url = await startMailServer(t, {
    async onData(stream, { envelope }, answer) {
      const from = envelope.mailFrom ? envelope.mailFrom.address : '';
      const to = envelope.rcptTo[0]?.address ?? '';
      taken.push({ from, to, source: await text(stream) });
      answer();
    },
  });
  return { url, taken };
}

export const addressOf = (place: number): string => `lecteur${place}@example.org`;

/** A French party with three subscribers. */
export async function scene(
  t: Test,
  settings: Record<string, string> = { returnAddress: 'retours@parti.example' },
  more: AppOptions = {},
) {
  const sink = await startSink(t);
  const house = { jurisdiction: 'fr', locale: 'fr', now: '2026-12-01T10:00:00Z' };
  const app = await makeApp(t, { ...house, smtpUrl: sink.url, ...more });
  const scope = app.scope();
  const deps = depsOf(app.get('email'));
  await deps.settings.write(scope, settings);
  // More than a stranger's first day has room for.
  await scope.db.raw(
    `insert into core.mail_domain (domain, private_key, public_key, is_warm, created_at)
     values ('example.org', '', '', true, :now)`,
    { now: scope.now() },
  );
  const [newsletter] = await app.get('email')(Outreach).newsletters(scope);
  const newsletterId = newsletter?.id ?? '';
  const ids = await subscribe(app, scope, newsletterId);
  /** Answers what the mail server took this time. */
  const send = async (): Promise<Taken[]> => {
    const before = sink.taken.length;
    const blocks = [{ kind: 'paragraph', text: 'Lisez.', href: '' }];
    const content = { subject: 'La lettre', preheader: '', blocks };
    const fields = { channel: 'email', name: 'Lettre', newsletterId, content };
    const id = await deps.outreach.create(scope, fields);
    // Anew: a session does not outlast the days that the tests let pass.
    const staff = await app.staff('administrator');
    const released = await staff.post(`/admin/outreach/${id}/release`, {
      version: '1',
      when: 'now',
    });
    if (released.status !== 303) throw new Error(`It was not released: ${released.body}`);
    await app.drain();
    return sink.taken.slice(before);
  };
  const statusOf = async (personId: string) => {
    const found = await scope.db.raw(
      'select status, returned_why as why, cardinality(put_off) as "putOff" from people.email_address where person_id = ?',
      [personId],
    );
    return found.rows[0];
  };
  return { app, scope, deps, sink, ids, newsletterId, send, statusOf };
}

async function subscribe(app: App, scope: Scope, newsletterId: string): Promise<string[]> {
  const get = app.get('email');
  const many = [0, 1, 2].map((place) => ({
    emailAddress: addressOf(place),
    source: 'website.sign-up',
  }));
  const made = await get(People).upsertMany(scope, many);
  const outreach = app.get('outreach');
  for (const { id } of made) {
    await outreach(Newsletters).subscribe(scope, id, newsletterId);
    await outreach(Consents).give(scope, {
      ...{ personId: id, channel: 'email', purpose: 'newsletter', wording: 'Oui.', locale: 'fr' },
      ...{ source: 'website.sign-up', evidence: { form: '1', confirmedAt: '2026-11-01' } },
    });
  }
  return made.map(({ id }) => id);
}

export const keyOf = ({ source }: Taken): string =>
  /^Message-ID: <([0-9a-f-]{36})@/im.exec(source)?.[1] ?? '';

/** As in the example of RFC 3464, appendix E.1, with our reader in it. */
export function bounceOf(
  { from, to }: Pick<Taken, 'from' | 'to'>,
  { action = 'failed', status = '5.1.1', said = `550 5.1.1 <${to}>... User unknown` } = {},
): string {
  return lines(
    'Date: Tue, 1 Dec 2026 10:05:00 +0000',
    'From: Mail Delivery Subsystem <MAILER-DAEMON@cs.utk.example>',
    `To: <${from}>`,
    'Subject: Returned mail: see transcript for details',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="BOUND"',
    'Auto-Submitted: auto-generated (failure)',
    '',
    '--BOUND',
    '',
    'Your message could not be delivered.',
    '',
    '--BOUND',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; cs.utk.example',
    '',
    `Original-Recipient: rfc822;${to}`,
    `Final-Recipient: rfc822;${to}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp;`,
    `  ${said}`,
    'Last-Attempt-Date: Tue, 1 Dec 2026 10:04:00 +0000',
    '',
    '--BOUND',
    'Content-Type: message/rfc822',
    '',
    'Subject: La lettre',
    '',
    'Lisez.',
    '--BOUND--',
    '',
  );
}

/** As in the example of RFC 5965, appendix B.2. */
export function complaintOf({ from }: Pick<Taken, 'from'>, kind = 'abuse'): string {
  return lines(
    'From: <abusedesk@example.com>',
    'Date: Tue, 1 Dec 2026 10:06:00 +0000',
    'Subject: FW: La lettre',
    'To: <retours@parti.example>',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=feedback-report; boundary="part1"',
    '',
    '--part1',
    'Content-Type: text/plain; charset="US-ASCII"',
    '',
    'This is an email abuse report.',
    '',
    '--part1',
    'Content-Type: message/feedback-report',
    '',
    `Feedback-Type: ${kind}`,
    'User-Agent: SomeGenerator/1.0',
    'Version: 1',
    `Original-Mail-From: <${from}>`,
    'Arrival-Date: Tue, 1 Dec 2026 10:00:00 +0000',
    '',
    '--part1',
    'Content-Type: message/rfc822',
    '',
    `Return-Path: <${from}>`,
    'Subject: La lettre',
    '',
    'Un mot de la lettre.',
    '--part1--',
    '',
  );
}

/** RFC 3834. */
export const autoReplyTo = ({ from }: Pick<Taken, 'from'>): string =>
  lines(
    `To: <${from}>`,
    'From: <reader@example.org>',
    'Subject: Absente',
    'Auto-Submitted: auto-replied',
    'Content-Type: text/plain',
    '',
    'De retour lundi.',
  );

export const lines = (...all: string[]): string => all.join('\r\n');
