// The consent ledger: what was said last, and one more line.
import type { Scope } from 'rostra/plugin';
import { bounds, isId, ofOurs, seen } from './bound.ts';
import { isStopped } from './suppression.sql.ts';

export interface ConsentRow {
  id: string;
  channel: string;
  purpose: string;
  given: boolean;
  locale: string;
  source: string;
  at: Date;
  wording: string | null;
  evidence: Record<string, string> | null;
  organization: string;
}

/** The last word on each channel and purpose, of those said to the organization or to one above it. */
export async function findCurrentConsents(scope: Scope, personId: string): Promise<ConsentRow[]> {
  const found = await scope.db.raw(
    `select distinct on (c.channel, c.purpose) c.id, c.channel, c.purpose, c.given, c.locale, c.source, c.at,
       d.wording, d.evidence, c.organization_id as organization
     from people.consent c left join people.consent_detail d on d.consent_id = c.id
     where c.person_id = :personId and ${seen(scope, 'c.person_id')}
       and c.organization_id = any (cast(:above as bigint[]))
     order by c.channel, c.purpose, c.id desc`,
    { ...bounds(scope), personId },
  );
  return found.rows;
}

/** Of many, the last word on one channel and purpose, said to `to` or to one above it; whoever said none is left out. */
export async function findLastWords(
  scope: Scope,
  personIds: readonly string[],
  { channel, purpose, to }: { channel: string; purpose: string; to: string },
): Promise<{ personId: string; id: string; given: boolean }[]> {
  const found = await scope.db.raw(
    `select asked.id as "personId", last.id, last.given
     from unnest(cast(:ids as bigint[])) as asked (id) cross join lateral (
       select c.id, c.given from people.consent c
       where c.person_id = asked.id and c.channel = :channel and c.purpose = :purpose
         and c.organization_id in (select o.id from core.organization o
           where o.path @> (select own.path from core.organization own where own.id = :to))
       order by c.id desc limit 1) last
     where ${seen(scope, 'asked.id')}`,
    { ...bounds(scope), ids: personIds.filter(isId), channel, purpose, to },
  );
  return found.rows;
}

export async function findConsents(scope: Scope, personId: string): Promise<ConsentRow[]> {
  const found = await scope.db.raw(
    `select c.id, c.channel, c.purpose, c.given, c.locale, c.source, c.at,
       d.wording, d.evidence, c.organization_id as organization
     from people.consent c left join people.consent_detail d on d.consent_id = c.id
     where c.person_id = :personId and ${seen(scope, 'c.person_id')} and ${ofOurs(scope, 'c.organization_id')}
     order by c.id desc limit 200`,
    { ...bounds(scope), personId },
  );
  return found.rows;
}

export interface NewConsent {
  personId: string;
  channel: string;
  purpose: string;
  given: boolean;
  locale: string;
  source: string;
  wording: string;
  evidence: string;
  salt: Buffer;
  digest: Buffer;
  /** The scope's organization if left out. */
  organizationId?: string;
}

export async function insertConsent(scope: Scope, consent: NewConsent): Promise<string> {
  const found = await scope.db.raw(
    `with line as (
       insert into people.consent
         (organization_id, person_id, channel, purpose, given, locale, source, at, digest)
       values (:organizationId, :personId, :channel, :purpose, :given, :locale, :source, :now, :digest)
       returning id)
     insert into people.consent_detail (consent_id, person_id, wording, evidence, salt)
     select id, :personId, :wording, cast(:evidence as jsonb), :salt from line
     returning consent_id as id`,
    { ...bounds(scope), ...consent },
  );
  return found.rows[0].id;
}

/** Whether this was withdrawn from this organization, and nothing given to any since. */
export async function hasWithdrawn(
  scope: Scope,
  from: { personId: string; channel: string; purpose: string; organizationId: string },
): Promise<boolean> {
  const found = await scope.db.raw(
    `select exists (select from people.consent c
       where c.person_id = :personId and c.channel = :channel and c.purpose = :purpose
         and c.organization_id = :organizationId and not c.given and ${seen(scope, 'c.person_id')}
         and not exists (select from people.consent l where l.person_id = c.person_id
           and l.channel = c.channel and l.purpose = c.purpose and l.given and l.id > c.id)) as answer`,
    { ...bounds(scope), ...from },
  );
  return found.rows[0].answer;
}

/** Whether the person asked not to be reached on this kind of channel, or every address of theirs is stopped. */
export async function hasSuppressed(
  scope: Scope,
  personId: string,
  kind: string,
): Promise<boolean> {
  const found = await scope.db.raw(
    `select ${isStopped(':kind', 'cast(:personId as bigint)')}
       or not ${seen(scope, 'cast(:personId as bigint)')} as answer`,
    { ...bounds(scope), personId, kind },
  );
  return found.rows[0].answer;
}

/** Whoever has the address, wherever in the party: asked by functions that see past both walls. */
export async function isAddressSuppressed(
  scope: Scope,
  kind: string,
  address: string,
  how: 'for any reason' | 'for good',
): Promise<boolean> {
  const asked = how === 'for good' ? 'is_suppressed_for_good' : 'is_suppressed';
  const found = await scope.db.raw(`select people.${asked}(:kind, :address) as answer`, {
    kind,
    address,
  });
  return found.rows[0].answer;
}
