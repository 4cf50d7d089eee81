// Signing up: a claim that touches nobody, a mail to the mailbox, and what happens once it is confirmed from there.
import { createHash, randomBytes } from 'node:crypto';
import { isAppError, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import {
  type Claim,
  findSubmission,
  insertSubmission,
  type Submission,
  settleSubmission,
} from './submission.sql.ts';
import { insertTracked } from './tracked.sql.ts';

const hour = 60 * 60;
export const claimDays = 7;

/** Answers false when too many come from the same place; who is known already makes no difference. */
export async function claim(
  scope: Scope,
  deps: Deps,
  given: Claim,
  caller: string,
): Promise<boolean> {
  const { id } = scope.organization;
  if (!(await deps.limits.take(scope, `website.caller:${id}:${caller}`, 30, hour))) return false;
  await askMailbox(scope, deps, given);
  return true;
}

export async function askMailbox(scope: Scope, deps: Deps, given: Claim): Promise<void> {
  const mailbox = `website.mailbox:${scope.organization.id}:${given.email}`;
  // Nobody can have a stranger's mailbox filled; that a mail did not leave is not told either.
  if (!(await deps.limits.take(scope, mailbox, 3, hour))) return;
  await writeClaim(scope, deps, given).catch((error) => {
    if (error !== neverAgain) throw error;
  });
}

const neverAgain = new Error('The address is never to be written to again.');

/** All is done and then taken back for an address that is suppressed for good, so that the time does not tell either. */
function writeClaim(scope: Scope, deps: Deps, given: Claim): Promise<void> {
  return scope.aside(async (own) => {
    const token = randomBytes(32).toString('base64url');
    const expiresAt = new Date(scope.now().getTime() + claimDays * 24 * hour * 1000);
    await insertSubmission(own, given, digestOf(token), expiresAt);
    const { email: to, givenName: name, again: personId } = given;
    const words = given.consents.map(({ wording }) => wording);
    const data = { link: `/confirm/${token}`, name, days: claimDays, words };
    const view = personId ? 'confirm-again' : 'confirm';
    const bulk = personId !== undefined;
    await deps.mail.send(own, {
      to,
      view,
      data,
      holdsKey: true,
      bulk,
      ...(personId && { personId, purpose: 'confirmation' }),
    });
    if (await deps.consents.isSuppressedForGood(own, 'email', to)) throw neverAgain;
  });
}

export type Standing = 'waiting' | 'used' | 'expired' | 'unknown';

export async function standingOf(scope: Scope, token: string): Promise<Standing> {
  return judge(scope, await findSubmission(scope, digestOf(token)));
}

/** Answers how it stood: only what was `waiting` is confirmed now. */
export function confirm(scope: Scope, deps: Deps, token: string): Promise<Standing> {
  return scope.write(async (own) => {
    const submission = await findSubmission(own, digestOf(token), true);
    const standing = judge(own, submission);
    if (standing === 'waiting' && submission) await settle(own, deps, submission);
    return standing;
  });
}

function judge(scope: Scope, submission: Submission | undefined): Standing {
  if (!submission) return 'unknown';
  if (submission.confirmedAt) return 'used';
  return submission.expiresAt > scope.now() ? 'waiting' : 'expired';
}

async function settle(scope: Scope, deps: Deps, submission: Submission): Promise<void> {
  const { id, email, givenName, familyName, phone, postcode } = submission;
  const organizationId = submission.consents.find((one) => one.organizationId)?.organizationId;
  const { id: personId } = await deps.people.upsert(scope, {
    ...{ givenName, familyName, emailAddress: email, phoneNumber: phone },
    ...(postcode && { postalAddress: { postcode } }),
    ...(organizationId && { organizationId }),
    // Who asks for news is in touch with the party by his own will.
    relation: submission.consents.length > 0 ? 'regular_contact' : 'occasional_contact',
    source: 'website.sign-up',
  });
  const evidence = {
    submission: id,
    claimedAt: submission.createdAt.toISOString(),
    confirmedAt: scope.now().toISOString(),
  };
  for (const consent of submission.consents) {
    const { locale } = submission;
    await deps.consents.give(scope, {
      ...{ ...consent, personId, locale, evidence: { ...consent.evidence, ...evidence } },
      source: 'website.sign-up',
    });
  }
  const asksForMail = submission.consents.some(({ channel }) => channel === 'email');
  if (email && asksForMail) await deps.consents.comeBack(scope, personId, 'email', email);
  await subscribeAll(scope, deps, personId, submission.newsletters);
  await deps.people.note(scope, personId, { kind: 'website.timeline.signed-up' });
  await settleSubmission(scope, id, personId);
  if (submission.tracking) await insertTracked(scope, submission.tracking);
  if (email) await deps.mail.assign(scope, personId, [email]);
  const { newsletters: newsletterIds } = submission;
  const confirmed = { submissionId: id, personId, newsletterIds };
  const heardBy = await concerned(scope, deps, newsletterIds);
  await deps.events.emit(scope, 'website.submission.confirmed', confirmed, heardBy);
}

/** Also whose newsletters they are: of the party above, or of a chapter that has no site. */
async function concerned(scope: Scope, deps: Deps, newsletterIds: string[]): Promise<string[]> {
  const owners = new Set([scope.organization.id]);
  for (const id of newsletterIds) {
    const found = await deps.newsletters.find(scope, id);
    if (found) owners.add(found.organizationId);
  }
  return [...owners];
}

/** One may have ended while the mail lay unread. A chapter's own is not in the party's list, where it is confirmed. */
async function subscribeAll(scope: Scope, deps: Deps, personId: string, wanted: string[]) {
  for (const newsletter of wanted) {
    await deps.newsletters.subscribe(scope, personId, newsletter).catch((error) => {
      if (!isAppError(error) || error.status !== 404) throw error;
    });
  }
}

/** Only this is kept of a link: enough to know it again, not to use it. */
function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
