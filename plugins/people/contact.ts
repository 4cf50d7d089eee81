// One person: what is known of them, and for each channel and purpose whether they may be reached.
import type { Scope } from 'rostra/plugin';
import { ageOn } from './age.ts';
import { above } from './bound.ts';
import { type ConsentRow, findCurrentConsents } from './consent.sql.ts';
import { kindOf } from './consent.ts';
import { type ContactRow, findContacts, findStops, type StopRow } from './contact.sql.ts';
import { type ClaimRow, findClaims } from './import-claim.sql.ts';
import type { Reach, ReachAct, ReachAnswer } from './index.ts';
import { findSubscriptions } from './newsletter.sql.ts';
import { findPerson, type PersonRow } from './person.sql.ts';
import { findRelations, findWays } from './profile.sql.ts';
import { findOrigins, type OriginRow } from './provenance.sql.ts';
import { countByAnswer, findReachable } from './reach.sql.ts';
import { decideReach } from './reach.ts';
import {
  acts,
  directSources,
  isRegular,
  ledgerOf,
  type ReachFacts,
  targetingLedger,
  unselected,
  type WayState,
  type Word,
} from './reach-facts.ts';
import { findFew, stretchesOf } from './reach-list.ts';
import { planOf } from './reach-plan.ts';
import { countryOfNumber } from './telephone.ts';
import { type CallWindow, isOpen, windowOf } from './window.ts';

/** All that an answer on somebody can rest on. */
export interface Known {
  person: PersonRow;
  contacts: readonly ContactRow[];
  hasPost: boolean;
  stops: readonly StopRow[];
  consents: readonly ConsentRow[];
  claims: readonly ClaimRow[];
  /** Ids of the newsletters subscribed to. */
  letters: readonly string[];
  relation: string | undefined;
  /** Who each value came from. */
  origins: readonly OriginRow[];
}

export interface Contactability extends ReachAnswer {
  act: ReachAct;
  /** The last word on this channel and purpose; of a selection, the one on being chosen. */
  consent: ConsentRow | undefined;
  claim: ClaimRow | undefined;
  suppression: StopRow | undefined;
  /** To which the person agreed on this channel. */
  hours: CallWindow | undefined;
}

export async function knownOf(scope: Scope, person: PersonRow): Promise<Known> {
  const { id } = person;
  const relations = await findRelations(scope, id);
  return {
    person,
    contacts: await findContacts(scope, id),
    hasPost: (await findWays(scope, id)).postalAddresses.length > 0,
    stops: await findStops(scope, id),
    consents: await findCurrentConsents(scope, id),
    claims: (await findClaims(scope, id)).filter((one) => above(scope).includes(one.organization)),
    letters: (await findSubscriptions(scope, id)).map((letter) => letter.id),
    relation: relations.find(({ until }) => !until)?.kind,
    origins: await findOrigins(scope, id),
  };
}

/** For each channel and purpose. The last word and the suppression are those on which the answer rests. */
export function contactabilityOf(scope: Scope, known: Known): Contactability[] {
  return acts.map((one) => {
    const act = unselected(one);
    const isChosen = act.purpose === 'targeting' && wordOf(known, ledgerOf(act)) !== 'withdrawn';
    return {
      ...answerNow(scope, known, act),
      act: one,
      consent: consentOf(known, isChosen ? targetingLedger : ledgerOf(act)),
      claim: known.claims.find(({ channel }) => channel === act.channel),
      suppression: known.stops.find(
        ({ kind, reason }) => kind === kindOf(act.channel) && reason !== 'dead',
      ),
      hours: hoursOf(known, act),
    };
  });
}

/** Whoever agreed for some hours agreed to nothing outside them, where the law asks for hours. */
function answerNow(scope: Scope, known: Known, act: ReachAct): ReachAnswer {
  const facts = factsOf(scope, known, act);
  const answer = decideReach(scope.law, facts, act);
  const hours = hoursOf(known, act);
  if (!answer.may || !hours || isOpen(scope, hours)) return answer;
  const outside = decideReach(scope.law, { ...facts, hasWindow: false }, act);
  return outside.may ? answer : { ...outside, why: 'not-now' };
}

function hoursOf(known: Known, act: ReachAct): CallWindow | undefined {
  return windowOf(consentOf(known, ledgerOf(act))?.evidence);
}

export function factsOf(scope: Scope, known: Known, act: ReachAct): ReachFacts {
  const { person, relation, letters } = known;
  const { birthDate } = person;
  const country = person.country ?? dialled(known, act);
  return {
    ...(country && { country }),
    ...(birthDate && { age: ageOn(birthDate, scope.now()) }),
    way: wayOf(known, act),
    word: wordOf(known, ledgerOf(act)),
    hasWindow: hoursOf(known, act) !== undefined,
    targeting: wordOf(known, targetingLedger),
    isSubscribed: act.newsletterId ? letters.includes(act.newsletterId) : letters.length > 0,
    isTagged: !act.tagId || tagOrigin(known, act) !== undefined,
    isWayDirect: wayOrigin(known, act)?.kind === 'person',
    isTagDirect: !act.tagId || tagOrigin(known, act)?.kind === 'person',
    isBirthDirect: known.origins.every((one) => one.field !== 'birthDate' || one.kind === 'person'),
    isInformed: directSources.includes(person.source),
    isRegular: isRegular(relation),
  };
}

function dialled({ contacts }: Known, { channel }: ReachAct): string | undefined {
  if (kindOf(channel) !== 'phone') return undefined;
  const [first] = contacts
    .filter(({ kind }) => kind === 'phone')
    .map((one) => one.address)
    .sort();
  return first && countryOfNumber(first);
}

function wayOf({ contacts, hasPost, stops }: Known, { channel }: ReachAct): WayState {
  if (channel === 'post') return hasPost ? 'ok' : 'none';
  const own = contacts.filter(({ kind }) => kind === kindOf(channel));
  if (own.length === 0) return 'none';
  const gone = stops.filter((stop) => stop.kind === kindOf(channel) && stop.isGone);
  if (own.some((one) => one.isStopped) || gone.some((stop) => stop.reason !== 'unsubscribed')) {
    return 'stopped';
  }
  if (own.some((one) => one.isObjected) || gone.length > 0) return 'unsubscribed';
  if (!own.some(isUsable)) return 'dead';
  return usableOn(channel, own).length > 0 ? 'ok' : 'landline';
}

const isUsable = ({ status, isSuppressed }: ContactRow) => status === 'ok' && !isSuppressed;

/** In the order in which they are used: a text message goes to no landline, and first to what is surely a mobile. */
function usableOn(channel: ReachAct['channel'], own: readonly ContactRow[]): ContactRow[] {
  const usable = own.filter(isUsable);
  if (channel !== 'sms') return usable;
  const isMobile = ({ line }: ContactRow) => line === 'mobile';
  return [
    ...usable.filter(isMobile),
    ...usable.filter((one) => !isMobile(one) && one.line !== 'fixed'),
  ];
}

/** Of the address that would be written to. */
function wayOrigin({ contacts, origins }: Known, { channel }: ReachAct): OriginRow | undefined {
  const kind = kindOf(channel);
  if (!kind) return origins.find(({ field }) => field === 'postalAddress');
  const [used] = usableOn(
    channel,
    contacts.filter((one) => one.kind === kind),
  );
  const name = kind === 'email' ? 'emailAddress' : 'phoneNumber';
  return origins.find(({ field, value }) => field === name && value === used?.address);
}

function tagOrigin({ origins }: Known, { tagId }: ReachAct): OriginRow | undefined {
  return origins.find(({ field, item }) => field === 'tag' && item === tagId);
}

interface Ledger {
  channel: string;
  purpose: string;
}

function consentOf({ consents }: Known, { channel, purpose }: Ledger): ConsentRow | undefined {
  return consents.find((one) => one.channel === channel && one.purpose === purpose);
}

function wordOf(known: Known, ledger: Ledger): Word {
  const last = consentOf(known, ledger);
  if (last) {
    if (!last.given) return 'withdrawn';
    return last.evidence?.['confirmedAt'] === undefined ? 'given' : 'confirmed';
  }
  // Whoever has said anything on the channel since is taken at their own word.
  const isOn = ({ channel }: { channel: string }) => channel === ledger.channel;
  return known.claims.some(isOn) && !known.consents.some(isOn) ? 'claimed' : 'none';
}

export const reach: Omit<Reach, 'tell' | 'among' | 'rows'> = {
  async may(scope, personId, act) {
    const person = await findPerson(scope, personId);
    if (!person) return undefined;
    return answerNow(scope, await knownOf(scope, person), act);
  },
  async *people(scope, act) {
    for await (const { plan, those } of stretchesOf(scope, act)) {
      const ids = await findReachable(scope, plan, those);
      if (ids.length > 0) yield ids;
    }
  },
  async count(scope, act) {
    const plan = planOf(scope.law, act);
    const counted = await countByAnswer(scope, plan, await findFew(scope, act));
    return counted.flatMap(({ place, people }) => {
      const answer = plan.answers[place];
      return answer ? [{ answer, people }] : [];
    });
  },
};
