// Noting people at a stand: what a volunteer types is a claim, which neither changes nor reveals who is known already.
import {
  type Fault,
  invalid,
  isAppError,
  isIdentityComplete,
  type Offer,
  refused,
  type Scope,
} from 'rostra/plugin';
import { makeConsents } from './consent.ts';
import type { Deps } from './deps.ts';
import type { SignUpClaim, SignUpDesk } from './index.ts';
import { findNewsletters, type NewsletterRow } from './newsletter.sql.ts';
import { makeNewsletters } from './newsletter.ts';
import { findOwners } from './person.sql.ts';
import { upsertPeople } from './person.ts';
import { prepare } from './prepare.ts';
import { insertStandEntry } from './stand.sql.ts';

/** Who is met in the street reads a few lines, not a list. */
const newslettersMost = 3;
const source = 'stand';

export interface StandFields {
  /** Of the form, made when it was drawn. */
  key: string;
  givenName?: string;
  familyName?: string;
  emailAddress?: string;
  phoneNumber?: string;
  place?: string;
  /** Ids of the newsletters whose box was ticked. */
  newsletter?: string[];
  sms?: boolean;
}

/** A box, as it is shown and recorded when it was ticked. */
export interface StandBox {
  field: string;
  value: string;
  channel: 'email' | 'sms';
  purpose: 'newsletter' | 'campaign';
  wording: string;
}

export async function boxesOf(scope: Scope): Promise<StandBox[]> {
  const party = scope.organization.legal.controller ?? scope.organization.name;
  const letters = await findNewsletters(scope);
  const own = (one: NewsletterRow) => (one.organization === scope.organization.id ? 0 : 1);
  const first = letters.sort((a, b) => own(a) - own(b)).slice(0, newslettersMost);
  return [
    ...first.map(({ id, name }): StandBox => {
      const wording = scope.t('people.stand.wording.email', { party, newsletter: name });
      return { field: 'newsletter', value: id, channel: 'email', purpose: 'newsletter', wording };
    }),
    {
      ...{ field: 'sms', value: 'true', channel: 'sms', purpose: 'campaign' },
      wording: scope.t('people.stand.wording.sms', { party }),
    },
  ];
}

/** Why nobody may be noted; `undefined` when they may. */
export function standClosedBy(scope: Scope): 'identity' | 'law' | undefined {
  // GDPR art. 13(1)(a): who asks for something says who he is.
  if (!isIdentityComplete(scope.organization.legal)) return 'identity';
  const { effect } = scope.law.decide({ capability: 'collect.form' });
  return effect === 'allow' ? undefined : 'law';
}

/** Answers alike whether or not the person was known. */
export async function collect(
  scope: Scope,
  deps: Deps,
  desks: Offer<SignUpDesk>[],
  fields: StandFields,
): Promise<void> {
  const ticked = (await boxesOf(scope)).filter(
    ({ field, value }) =>
      (field === 'sms' && fields.sms) || (field !== 'sms' && fields.newsletter?.includes(value)),
  );
  const [desk] = desks;
  // Without its page no mailbox could be asked, and what was ticked would be lost.
  const page = await desk?.service.path(scope);
  const claim = claimOf(scope, fields, ticked, page !== undefined);
  const ask = async (): Promise<void> => {
    await askMailbox(scope, desk, claim);
    await scope.write((own) => insertStandEntry(own, entryOf(fields)));
  };
  if (await isForMailbox(scope, deps, claim.emailAddress)) return ask();
  await recordNew(scope, deps, claim, fields).catch((error) => {
    if (!isAppError(error) || error.code !== 'people.known-elsewhere') throw error;
    return ask();
  });
}

type Claim = Partial<Pick<SignUpClaim, 'emailAddress'>> & Omit<SignUpClaim, 'emailAddress'>;

function claimOf(scope: Scope, fields: StandFields, ticked: StandBox[], hasDesk: boolean): Claim {
  const faults: Fault[] = [];
  const found = prepare(scope, { ...fields, source });
  if (!found.ok) faults.push(...found.faults);
  const email = fields.emailAddress?.trim();
  const phone = fields.phoneNumber?.trim();
  const fault = (field: string, message: string) =>
    faults.push({ path: `/${field}`, message: `people.stand.fault.${message}` });
  if (!email && !phone) fault('emailAddress', 'no-way');
  if (email && !hasDesk) fault('emailAddress', 'no-mailbox');
  if (!email && phone && ticked.some(({ channel }) => channel === 'email')) {
    fault('emailAddress', 'email-needed');
  }
  if (!phone && email && fields.sms) fault('phoneNumber', 'phone-needed');
  if (!found.ok || faults.length > 0) throw invalid(faults);
  const { givenName, familyName, emailAddress, phoneNumber } = found.prepared;
  return {
    ...(givenName && { givenName }),
    ...(familyName && { familyName }),
    ...(emailAddress && { emailAddress }),
    ...(phoneNumber && { phoneNumber }),
    consents: ticked.map(({ channel, purpose, wording }) => ({ channel, purpose, wording })),
    newsletters: ticked.filter(({ channel }) => channel === 'email').map(({ value }) => value),
    evidence: evidenceOf(scope, fields),
  };
}

/** Who saw the person tick, where and when. */
function evidenceOf(scope: Scope, { place }: StandFields): Record<string, string> {
  const { actor } = scope;
  return {
    collected: 'stand',
    at: scope.now().toISOString(),
    organization: scope.organization.name,
    ...(place?.trim() && { place: place.trim() }),
    ...(actor.kind === 'staff' && { collectedBy: actor.accountId, collectedByName: actor.name }),
  };
}

/** Whether only the mailbox itself can say yes: it is somebody's already, said no once, or the law wants it so. */
async function isForMailbox(scope: Scope, deps: Deps, address?: string): Promise<boolean> {
  if (!address) return false;
  const { obligations } = scope.law.decide({ capability: 'collect.form', channel: 'email' });
  if (obligations.some(({ kind }) => kind === 'double_opt_in')) return true;
  // Party-wide: a chapter's own reading would not meet those whom others know.
  return scope.write(
    async (own) =>
      (await findOwners(own, [address])).length > 0 ||
      (await makeConsents(deps).isSuppressed(own, 'email', address)),
  );
}

async function askMailbox(
  scope: Scope,
  desk: Offer<SignUpDesk> | undefined,
  { emailAddress, ...claim }: Claim,
): Promise<void> {
  if (!desk || !emailAddress || claim.consents.length === 0) return;
  await desk.service.claim(scope, { ...claim, emailAddress });
}

function recordNew(scope: Scope, deps: Deps, claim: Claim, fields: StandFields): Promise<void> {
  const { consents, newsletters, evidence, ...known } = claim;
  return scope.write(async (own) => {
    if (!(await insertStandEntry(own, entryOf(fields)))) return;
    const relation = consents.length > 0 ? 'regular_contact' : 'occasional_contact';
    // Nobody proves at a stand to own a number: the record stands for itself until staff merge it.
    const [made] = await upsertPeople(own, deps, [{ ...known, relation, source }], false);
    // Somebody came to have the address since we looked: all is taken back, and their mailbox asked.
    if (!made?.isNew) throw refused('people.known-elsewhere', {});
    const personId = made.id;
    for (const consent of consents) {
      const said = { ...consent, personId, evidence, source, locale: own.locale };
      await makeConsents(deps).give(own, said);
    }
    for (const id of newsletters) await makeNewsletters(deps).subscribe(own, personId, id);
    await deps.audit.record(own, {
      act: 'person.collected',
      subject: { type: 'person', id: personId },
      personId,
    });
  });
}

function entryOf({ key, place }: StandFields): { key: string; place: string | undefined } {
  return { key, place: place?.trim() || undefined };
}
