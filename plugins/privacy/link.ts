// The link to a person's own page: sent to the mailbox, and to nobody who cannot read it.
import { createHash, randomBytes } from 'node:crypto';
import type { Person } from 'rostra/people';
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { deleteLink, findLinkOwner, insertLink } from './link.sql.ts';

const hour = 3600;
export const linkHours = 24;
/** Of one that staff send along with an answer. */
export const answerDays = 7;

/**
 * Answers false when too many come from the same place; who is known makes no difference. It goes out to who objected
 * to every message too: it is no message of ours, but the way to what the law gives them (GDPR 12(2)).
 */
export async function sendLinks(
  scope: Scope,
  deps: Deps,
  address: string,
  caller: string,
): Promise<boolean> {
  const { id } = scope.organization;
  if (!(await deps.limits.take(scope, `privacy.caller:${id}:${caller}`, 30, hour))) return false;
  const mailbox = `privacy.mailbox:${address.toLowerCase()}`;
  // Nobody can have a stranger's mailbox filled; that a mail did not leave is not told either.
  if (await deps.limits.take(scope, mailbox, 3, hour)) await writeLinks(scope, deps, address);
  return true;
}

const nobody = new Error('Nobody has this address.');

/** For nobody all is done and then taken back, so that the time does not tell either. */
async function writeLinks(scope: Scope, deps: Deps, address: string): Promise<void> {
  const written = scope.aside(async (own) => {
    const askers = await deps.mailboxes.owners(own, address);
    for (const asker of askers) {
      const link = { personId: asker.id, address, seconds: linkHours * hour };
      const token = await makeLink(own, deps, link);
      const data = { link: `/my-data/${token}`, name: shortName(asker), hours: linkHours };
      await deps.mail.send(own, {
        ...{ to: address.toLowerCase(), view: 'link', data },
        ...{ personId: asker.id, holdsKey: true, despiteNo: true },
      });
    }
    if (askers.length > 0) return;
    const data = { link: '/my-data/none', name: 'A.', hours: linkHours };
    await deps.mail.send(own, {
      ...{ to: address.toLowerCase(), view: 'link', data, holdsKey: true, despiteNo: true },
    });
    throw nobody;
  });
  await written.catch((error) => {
    if (error !== nobody) throw error;
  });
}

/** Within the caller's transaction; answers what the link ends with. */
export async function makeLink(
  scope: Scope,
  { mailboxes }: Pick<Deps, 'mailboxes'>,
  { personId, address, seconds }: { personId: string; address: string; seconds: number },
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(scope.now().getTime() + seconds * 1000);
  const addressHash = await mailboxes.hashOf(scope, address);
  await insertLink(scope, { personId, tokenDigest: digestOf(token), addressHash, expiresAt });
  return token;
}

export async function openLink(
  scope: Scope,
  { mailboxes }: Pick<Deps, 'mailboxes'>,
  token: string,
): Promise<Person | undefined> {
  const link = await findLinkOwner(scope, digestOf(token));
  if (!link) return undefined;
  // Sent to a wrong address, which was put right since: a stranger has it.
  const hashes = await mailboxes.hashes(scope, link.personId);
  const isTheirs = hashes.some((hash) => hash.equals(link.addressHash));
  return isTheirs ? mailboxes.owner(scope, link.personId) : undefined;
}

export function closeLink(scope: Scope, token: string): Promise<void> {
  return scope.write((own) => deleteLink(own, digestOf(token)));
}

/** Enough for who has it to know which of a household is meant, and no more. */
export function shortName({ givenName, familyName }: Person): string | undefined {
  const initial = familyName ? `${[...familyName][0]}.` : undefined;
  return givenName ?? initial;
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
