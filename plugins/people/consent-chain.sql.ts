// The chains of consents: what is not in one yet, where each ends, and all of them in order.
import type { Scope } from 'rostra/plugin';
import { bounds, ofOwn } from './bound.ts';

/** The parts of a consent that its chain vouches for; none of them is personal. */
export interface ChainedRow {
  id: string;
  organization: string;
  channel: string;
  purpose: string;
  given: boolean;
  locale: string;
  source: string;
  at: Date;
  digest: Buffer;
}
/** A place in a chain, and the hash that stands there. */
export interface ChainPlace {
  chain: string;
  position: string;
  hash: Buffer;
}
export type SealedRow = ChainedRow &
  ChainPlace & {
    /** Whom it was said of first, and the words, for as long as they are there. */
    subject: string | null;
    wording: string | null;
    evidence: Record<string, string> | null;
    salt: Buffer | null;
  };

const chained = `c.id, c.organization_id as organization, c.channel, c.purpose, c.given, c.locale, c.source, c.at,
  c.digest`;

/** One sealer at a time, to the end of the transaction. */
export async function lockSealing(scope: Scope): Promise<void> {
  await scope.db.raw(`select pg_advisory_xact_lock(hashtext('people.consent'))`);
}

/** In the order in which it was written; what was invented is never sealed. */
export async function findUnsealed(scope: Scope, most: number): Promise<ChainedRow[]> {
  const found = await scope.db.raw(
    `select ${chained} from people.consent c where c.position is null and not c.invented
     order by c.id limit :most`,
    { most },
  );
  return found.rows;
}

/** Of each chain its last link; also that of the first one, with which the others begin. */
export async function findChainEnds(scope: Scope): Promise<Map<string, ChainPlace>> {
  const found = await scope.db.raw(
    `select h.id as chain, h.position, h.hash from people.consent_chain h
     where ${ofOwn(scope, 'h.id')} or h.id = 0`,
    bounds(scope),
  );
  return new Map(found.rows.map((row: ChainPlace) => [row.chain, row]));
}

export async function sealConsents(
  scope: Scope,
  links: readonly (Omit<ChainPlace, 'hash'> & { id: string; hash: string })[],
): Promise<void> {
  await scope.db.raw(
    `with link as materialized (
       select id, chain, position, decode(hash, 'hex') as hash
       from jsonb_to_recordset(cast(:links as jsonb)) as r (id bigint, chain bigint, position bigint, hash text)),
     ends as (
       insert into people.consent_chain (id, position, hash)
       select distinct on (chain) chain, position, hash from link order by chain, position desc
       on conflict (id) do update set position = excluded.position, hash = excluded.hash)
     update people.consent c
     set chain = link.chain, position = link.position, hash = link.hash, sealed_at = :now
     from link where c.id = link.id`,
    { links: JSON.stringify(links), now: scope.now() },
  );
}

/** Chain by chain in its order, from a place on; each with what its digest was made of while that is still there. */
export async function findSealed(
  scope: Scope,
  after: Pick<ChainPlace, 'chain' | 'position'>,
  most: number,
): Promise<SealedRow[]> {
  const found = await scope.db.raw(
    `select ${chained}, c.chain, c.position, c.hash, d.person_id as subject, d.wording, d.evidence, d.salt
     from people.consent c left join people.consent_detail d on d.consent_id = c.id
     where (c.chain, c.position) > (:chain, :position) and c.position is not null and ${ofOwn(scope, 'c.chain')}
     order by c.chain, c.position limit :most`,
    { ...bounds(scope), chain: after.chain, position: after.position, most },
  );
  return found.rows;
}
