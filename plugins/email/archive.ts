// Letters on the site: for everybody where staff opened the archive, else for who got one, by the link in it.
import type { Newsletter } from 'rostra/people';
import { notFound, refused, type Scope, silenceWords } from 'rostra/plugin';
import {
  closeArchive,
  findArchives,
  findLetter,
  findLetterOf,
  findLetters,
  insertLetter,
  type Letter,
  openArchive,
} from './archive.sql.ts';
import { type Content, contentOf } from './content.ts';
import type { Deps } from './deps.ts';

export const lettersAPage = 20;
const home = '/letters';

export const archivePath = ({ key }: Pick<Newsletter, 'key'>): string => `${home}/${key}`;

/** A letter and where it is read; without `path` it is no longer for everybody. */
export interface Shown {
  letter: Letter;
  newsletter: Newsletter;
  content: Content;
  path?: string;
}

/** Of the organization's own, whose archive is open. */
export async function publicNewsletters(scope: Scope, deps: Deps): Promise<Newsletter[]> {
  const open = new Set(await findArchives(scope));
  const all = await deps.outreach.newsletters(scope);
  return all.filter(({ id }) => open.has(id));
}

/** One page; `older`: the key behind which the next begins. */
export async function listLetters(
  scope: Scope,
  deps: Deps,
  newsletter: Newsletter,
  before: string | undefined,
): Promise<{ letters: Shown[]; older: string | undefined }> {
  const most = lettersAPage + 1;
  const found = await findLetters(scope, newsletter.id, { most, ...(before && { before }) });
  const page = found.slice(0, lettersAPage);
  const letters: Shown[] = [];
  for (const letter of page) {
    const shown = await shownOf(scope, deps, letter, [newsletter]);
    if (shown?.path) letters.push(shown);
  }
  return { letters, older: found.length > lettersAPage ? page.at(-1)?.key : undefined };
}

/** By its public address. */
export async function publicLetter(
  scope: Scope,
  deps: Deps,
  newsletter: Newsletter,
  key: string,
): Promise<Shown | undefined> {
  const letter = await findLetter(scope, key);
  if (letter?.newsletterId !== newsletter.id) return undefined;
  const shown = await shownOf(scope, deps, letter, [newsletter]);
  return shown?.path ? shown : undefined;
}

/** By the link that stands in the letter itself. */
export async function letterBehind(
  scope: Scope,
  deps: Deps,
  token: string,
): Promise<Shown | undefined> {
  const text = await deps.seals.open(scope, token).catch(() => '');
  const [, sendId] = /^letter:(\d+)$/.exec(text) ?? [];
  const letter = sendId && (await findLetterOf(scope, sendId));
  return letter ? shownOf(scope, deps, letter, await publicNewsletters(scope, deps)) : undefined;
}

/** What was cancelled is taken back: nobody but who got it reads it. */
const isOut = (state: string): boolean => state === 'sending' || state === 'done';

async function shownOf(
  scope: Scope,
  deps: Deps,
  letter: Letter,
  open: readonly Newsletter[],
): Promise<Shown | undefined> {
  const send = await deps.outreach.find(scope, letter.sendId);
  if (send?.organizationId !== scope.organization.id) return undefined;
  const opened = open.find(({ id }) => id === letter.newsletterId);
  const newsletter = opened ?? (await deps.newsletters.find(scope, letter.newsletterId));
  if (!newsletter) return undefined;
  const isPublic = isOut(send.state) && opened !== undefined;
  return {
    ...{ letter, newsletter, content: contentOf(send.content) },
    ...(isPublic && { path: `${archivePath(newsletter)}/${letter.key}` }),
  };
}

/** Where who got it reads it; noted when the first of them leaves. */
export async function webPathOf(
  scope: Scope,
  { seals, cache }: Pick<Deps, 'seals' | 'cache'>,
  send: { id: string; newsletterId: string },
): Promise<string> {
  await scope.write(async (own) => {
    const { id: sendId, newsletterId } = send;
    if (await insertLetter(own, { sendId, newsletterId })) await cache.drop(own);
  });
  return `${home}/open/${await seals.seal(scope, `letter:${send.id}`)}`;
}

/** Opening publishes what was sent to subscribers: nothing new comes out while an election commands silence. */
export async function setArchive(
  scope: Scope,
  deps: Deps,
  newsletterId: string,
  isOpen: boolean,
): Promise<void> {
  const own = await deps.outreach.newsletters(scope);
  if (!own.some(({ id }) => id === newsletterId)) throw notFound('newsletter', newsletterId);
  const silenced = isOpen && (await deps.silence.at(scope, ['publish.page'], scope.now()));
  if (silenced) {
    throw refused('email.archive-silent', { status: 451, ...silenceWords(scope, silenced) });
  }
  await scope.write(async (within) => {
    const change = isOpen ? openArchive : closeArchive;
    if (!(await change(within, newsletterId))) return;
    await deps.audit.record(within, {
      act: isOpen ? 'archive.opened' : 'archive.closed',
      subject: { type: 'newsletter', id: newsletterId },
    });
    await deps.cache.drop(within);
  });
}
