// Consent: given, withdrawn, and what stands now; sealed into a chain that shows whether it was touched.
import { createHash, randomBytes } from 'node:crypto';
import { notFound, type Scope } from 'rostra/plugin';
import {
  findChain,
  findCurrentConsents,
  findUnsealed,
  hasSuppressed,
  insertConsent,
  isAddressSuppressed,
  lockChain,
  sealConsents,
} from './consent.sql.ts';
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

const batch = 2_000;

/** Links what was written since into the chain; a job, so that nobody who signs up waits for it. */
export async function seal(scope: Scope): Promise<number> {
  let sealed = 0;
  for (;;) {
    const done = await scope.write(sealBatch);
    sealed += done;
    if (done < batch) return sealed;
  }
}

async function sealBatch(scope: Scope): Promise<number> {
  const last = await lockChain(scope);
  const rows = await findUnsealed(scope, batch);
  let hash = last?.hash ?? Buffer.alloc(32);
  let position = BigInt(last?.position ?? '0');
  const links = rows.map((row) => {
    hash = linkOf(hash, row);
    position += 1n;
    return { id: String(row['id']), position: String(position), hash: hash.toString('hex') };
  });
  if (links.length > 0) await sealConsents(scope, links);
  return links.length;
}

/** Sentences about what does not fit; none when the chain is whole. Erased details are no fault. */
export async function verifyChain(scope: Scope): Promise<string[]> {
  let hash: Buffer = Buffer.alloc(32);
  let position = '0';
  for (;;) {
    const rows = await findChain(scope, position, batch);
    for (const row of rows) {
      hash = linkOf(hash, row);
      position = String(row['position']);
      const isWhole = hash.equals(row['hash'] as Buffer) && fitsDetail(row);
      if (!isWhole) return [scope.t('people.check.broken', { position })];
    }
    if (rows.length < batch) return [];
  }
}

function fitsDetail(row: Record<string, unknown>): boolean {
  if (!row['salt']) return true;
  const evidence = canonical(row['evidence'] as Record<string, string>);
  const subject = String(row['subject']);
  const digest = digestOf(row['salt'] as Buffer, subject, String(row['wording']), evidence);
  return digest.equals(row['digest'] as Buffer);
}

function linkOf(previous: Buffer, row: Record<string, unknown>): Buffer {
  const parts = ['id', 'organization_id', 'channel', 'purpose', 'given', 'locale', 'source'];
  const at = (row['at'] as Date).toISOString();
  const digest = (row['digest'] as Buffer).toString('hex');
  const text = JSON.stringify([...parts.map((part) => String(row[part])), at, digest]);
  return createHash('sha256').update(previous).update(text).digest();
}

export function digestOf(
  salt: Buffer,
  personId: string,
  wording: string,
  evidence: string,
): Buffer {
  const text = JSON.stringify([personId, wording, evidence]);
  return createHash('sha256').update(salt).update(text).digest();
}

/** The same text for the same evidence, in whatever order it comes back from the database. */
export function canonical(evidence: Record<string, string>): string {
  return JSON.stringify(evidence, Object.keys(evidence).sort());
}
