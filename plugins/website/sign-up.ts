// Signing up: a claim that touches nobody, a mail to the mailbox, and what happens once it is confirmed from there.
import { createHash, randomBytes } from 'node:crypto';
import {
  type CountryCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js';
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import {
  type Claim,
  findSubmission,
  insertSubmission,
  type Submission,
  settleSubmission,
} from './submission.sql.ts';

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
  const mailbox = `website.mailbox:${id}:${given.email}`;
  // Nobody can have a stranger's mailbox filled; that a mail did not leave is not told either.
  if (!(await deps.limits.take(scope, mailbox, 3, hour))) return true;
  await scope.write(async (own) => {
    const token = randomBytes(32).toString('base64url');
    const expiresAt = new Date(scope.now().getTime() + claimDays * 24 * hour * 1000);
    await insertSubmission(own, given, digestOf(token), expiresAt);
    const { email: to, givenName: name } = given;
    const data = { link: `/confirm/${token}`, name, days: claimDays };
    await deps.mail.send(own, { to, view: 'confirm', data });
  });
  return true;
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
  const newsletters = await stillThere(scope, deps, submission.newsletters);
  const { id: personId } = await deps.people.upsert(scope, {
    ...{ givenName, familyName, emailAddress: email, phoneNumber: phone },
    ...(postcode && { postalAddress: { postcode } }),
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
      ...{ ...consent, personId, locale, evidence },
      source: 'website.sign-up',
    });
  }
  for (const newsletter of newsletters) {
    await deps.newsletters.subscribe(scope, personId, newsletter);
  }
  await deps.people.note(scope, personId, { kind: 'website.timeline.signed-up' });
  await settleSubmission(scope, id, personId);
  if (email) await deps.mail.assign(scope, personId, [email]);
  await deps.events.emit(scope, 'website.submission.confirmed', { submissionId: id, personId });
}

/** A newsletter may have ended while the mail lay unread. */
async function stillThere(scope: Scope, deps: Deps, wanted: string[]): Promise<string[]> {
  if (wanted.length === 0) return [];
  const known = (await deps.newsletters.list(scope)).map(({ id }) => id);
  return wanted.filter((id) => known.includes(id));
}

/** In full, with its country; `undefined` when it cannot be one. */
export function phoneOf(scope: Scope, typed: string): string | undefined {
  const country = scope.organization.jurisdiction.slice(0, 2).toUpperCase();
  const from = isSupportedCountry(country) ? (country as CountryCode) : undefined;
  const found = parsePhoneNumberFromString(typed, from);
  return found?.isPossible() ? found.number : undefined;
}

/** Only this is kept of a link: enough to know it again, not to use it. */
function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
