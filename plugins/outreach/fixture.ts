// For the tests: a chapter with subscribers, a letter to them, and a mail server on loopback that may be told what to do.
import { type ParsedMail, simpleParser } from 'mailparser';
import { Consents, Newsletters, People, Tags } from 'rostra/people';
import type { Scope } from 'rostra/plugin';
import { type App, makeApp, startMailServer } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { Outreach } from './index.ts';
import { findSend } from './send.sql.ts';
import { release } from './send.ts';
import { findTally } from './tally.sql.ts';

type Test = Parameters<typeof makeApp>[0];

export interface Sink {
  url: string;
  /** In the order in which they were taken. */
  taken: ParsedMail[];
  readers(): string[];
  hooks: { onData?: (mail: ParsedMail) => Promise<void> | void };
}

export async function startSink(t: Test): Promise<Sink> {
  const taken: ParsedMail[] = [];
  const hooks: Sink['hooks'] = {};
  const url = await startMailServer(t, {
    async onData(stream, _session, answer) {
      try {
        const mail = await simpleParser(stream);
        await hooks.onData?.(mail);
        taken.push(mail);
        answer();
      } catch (error) {
        answer(error as Error);
      }
    },
  });
  const readers = () => taken.map(readerOf);
  return { url, taken, readers, hooks };
}

export const readerOf = ({ to }: ParsedMail): string => [to].flat()[0]?.text ?? '';

/** A letter as the channel keeps it. */
export const content = {
  subject: 'Bonjour {{prénom|chers amis}}',
  preheader: 'Trois dates',
  blocks: [
    { kind: 'heading', text: 'Nos actions', href: '' },
    {
      kind: 'paragraph',
      text: 'Cher {{prénom|ami}}, lisez [le bilan](https://x.example/b).',
      href: '',
    },
    { kind: 'button', text: 'Je participe', href: '/agir' },
  ],
};

/** A French chapter with so many subscribers; the first has no name. */
export async function scene(
  t: Test,
  {
    count = 3,
    now = '2026-11-24T10:00:00Z',
    databaseUrl,
  }: { count?: number; now?: string; databaseUrl?: string } = {},
) {
  const sink = await startSink(t);
  const party = { jurisdiction: 'fr', locale: 'fr', smtpUrl: sink.url, now };
  const app = await makeApp(t, { ...party, ...(databaseUrl && { databaseUrl }) });
  const chapter = await app.chapter('Lyon');
  const scope = app.scope(chapter);
  const newsletterId = await makeNewsletter(scope);
  const ids = await subscribe(app, scope, newsletterId, count);
  // More than a stranger's first day has room for.
  await scope.db.raw(
    `insert into core.mail_domain (domain, private_key, public_key, is_warm, created_at)
     values ('example.org', '', '', true, :now)`,
    { now: scope.now() },
  );
  const deps = depsOf(app.get('outreach'));
  const outreach = app.get('outreach')(Outreach);
  const write = () =>
    outreach.create(scope, {
      ...{ channel: 'email', name: content.subject, newsletterId, content: { ...content } },
    });
  const releaseNow = async (id: string): Promise<void> => {
    const send = await findSend(scope, id);
    if (!send) throw new Error('there is no such send');
    await release(scope, deps, send, { version: send.version, startsAt: scope.now() });
  };
  const counts = (id: string) => findTally(scope, id);
  return { sink, app, chapter, scope, newsletterId, ids, deps, write, releaseNow, counts };
}

export const addressOf = (place: number): string => `lecteur${place}@example.org`;

async function makeNewsletter(scope: Scope): Promise<string> {
  const found = await scope.db.raw(
    `insert into people.newsletter (organization_id, key, name, description, created_at)
     values (:id, 'lettre', 'La lettre de Lyon', '', :now) returning id`,
    { id: scope.organization.id, now: scope.now() },
  );
  return found.rows[0].id;
}

export async function subscribe(
  app: App,
  scope: Scope,
  newsletterId: string,
  count: number,
): Promise<string[]> {
  const get = app.get('outreach');
  const many = Array.from({ length: count }, (_, place) => ({
    ...{ emailAddress: addressOf(place), source: 'website.sign-up' },
    ...(place > 0 && { givenName: `Jeanne${place}` }),
  }));
  const made = await get(People).upsertMany(scope, many);
  for (const { id } of made) {
    await get(Newsletters).subscribe(scope, id, newsletterId);
    await get(Consents).give(scope, {
      ...{ personId: id, channel: 'email', purpose: 'newsletter', wording: 'Oui.', locale: 'fr' },
      ...{ source: 'website.sign-up', evidence: { form: '1', confirmedAt: '2026-11-01' } },
    });
  }
  return made.map(({ id }) => id);
}

/** What the law of the European Union asks of somebody who is to be chosen, each of which may be left out. */
export interface Chosen {
  /** Said of messages by e-mail, and, separately, of being chosen. */
  yeses?: readonly ('email' | 'sms' | 'targeting')[];
  birthDate?: string;
  /** Where the record, and the tag with it, came from. */
  source?: string;
  /** Of their number, all but the last five digits. */
  number?: string;
}

/** People of the scope's with a tag, as readers with addresses from `from` on; answers their ids and the tag's. */
export async function makeTagged(
  app: App,
  scope: Scope,
  tag: string,
  many: readonly Chosen[],
  from = 500,
): Promise<{ ids: string[]; tagId: string }> {
  const get = app.get('outreach');
  const ids: string[] = [];
  for (const [at, one] of many.entries()) {
    const { yeses = ['email', 'targeting'], birthDate = '1980-02-28' } = one;
    const { id } = await get(People).upsert(scope, {
      ...{
        emailAddress: addressOf(from + at),
        phoneNumber: `${one.number ?? '+336123'}${45_000 + from + at}`,
      },
      ...{ tags: [tag], source: one.source ?? 'website.sign-up' },
      ...(birthDate && { birthDate }),
    });
    for (const channel of yeses) {
      await get(Consents).give(scope, {
        ...{ personId: id, channel, wording: 'Oui.', locale: 'fr', source: 'website.sign-up' },
        purpose: channel === 'targeting' ? 'targeting' : 'campaign',
        evidence: { form: '1', confirmedAt: '2026-11-01' },
      });
    }
    ids.push(id);
  }
  const found = (await get(Tags).list(scope)).find(({ name }) => name === tag);
  return { ids, tagId: found?.id ?? '' };
}
