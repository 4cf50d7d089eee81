// Consent: given, withdrawn, and what stands now.
import { randomBytes } from 'node:crypto';
import { notFound, type Scope } from 'rostra/plugin';
import {
  findCurrentConsents,
  findLastWords,
  hasSuppressed,
  insertConsent,
  isAddressSuppressed,
} from './consent.sql.ts';
import { canonical, digestOf } from './consent-chain.ts';
import type { Deps } from './deps.ts';
import type { ConsentFields, Consents } from './index.ts';
import { noteWithdrawn } from './no.ts';
import { findPerson, holdPerson } from './person.sql.ts';
import { stopAll } from './stop-all.ts';
import { liftUnsubscribed } from './suppression.ts';

export function makeConsents(deps: Deps): Consents {
  return {
    give: (scope, fields) => record(scope, deps, fields, true),
    withdraw: (scope, fields) => record(scope, deps, fields, false),
    async current(scope, personId) {
      const person = await findPerson(scope, personId);
      const rows = person ? await findCurrentConsents(scope, person.id) : [];
      return rows.map(({ id, channel, purpose, given, at }) => ({
        id,
        channel,
        purpose,
        given,
        at,
      }));
    },
    last: (scope, personIds, { organizationId, ...about }) =>
      findLastWords(scope, personIds, {
        ...about,
        to: organizationId ?? scope.organization.id,
      }),
    async holds(scope, personId, channel, purpose) {
      const person = await findPerson(scope, personId);
      if (!person) return false;
      const kind = kindOf(channel);
      if (kind && (await hasSuppressed(scope, person.id, kind))) return false;
      const rows = await findCurrentConsents(scope, person.id);
      return rows.some((row) => row.channel === channel && row.purpose === purpose && row.given);
    },
    isSuppressed: (scope, kind, address) =>
      isAddressSuppressed(scope, kind, address, 'for any reason'),
    isSuppressedForGood: (scope, kind, address) =>
      isAddressSuppressed(scope, kind, address, 'for good'),
    comeBack: (scope, personId, kind, address) =>
      liftUnsubscribed(scope, deps, { personId, kind, address }),
    stopAll: (scope, personId, why) =>
      stopAll(scope, deps, personId, why, (own, fields) => record(own, deps, fields, false)),
  };
}

/** Which addresses a channel goes to; none for a purpose that reaches nobody. */
export function kindOf(channel: string): 'email' | 'phone' | undefined {
  if (channel === 'email') return 'email';
  return ['sms', 'voice', 'call'].includes(channel) ? 'phone' : undefined;
}

/** GDPR art. 7(1): whoever says that somebody agreed shows to what, and by what it is known. */
function demandProof({ wording, evidence }: ConsentFields): void {
  if (wording.trim() !== '' && Object.values(evidence).some((text) => text.trim() !== '')) return;
  throw new Error('A consent needs its wording and what proves it.');
}

async function record(
  scope: Scope,
  deps: Deps,
  fields: ConsentFields,
  given: boolean,
): Promise<string> {
  if (given) demandProof(fields);
  return scope.write(async (own) => {
    const person = await holdPerson(own, fields.personId);
    if (!person) throw notFound('person', fields.personId);
    const { channel, purpose, locale, source, wording, organizationId } = fields;
    const salt = randomBytes(32);
    const evidence = canonical(fields.evidence);
    const digest = digestOf(salt, person.id, wording, evidence);
    const id = await insertConsent(own, {
      personId: person.id,
      ...{ channel, purpose, given, locale, source, wording, evidence, salt, digest },
      ...(organizationId && { organizationId }),
    });
    const payload = { personId: person.id, channel, purpose };
    if (!given) await noteWithdrawn(own, deps, { ...payload, organizationId });
    await deps.events.emit(
      own,
      given ? 'people.consent.given' : 'people.consent.withdrawn',
      payload,
    );
    await deps.jobs.add(own, 'seal', {}, { key: 'people.seal' });
    return id;
  });
}
