// One chain of consents for each organization: whoever looks at one sees whether it was touched, and needs no other.
import { createHash } from 'node:crypto';
import type { Scope } from 'rostra/plugin';
import {
  type ChainedRow,
  type ChainPlace,
  findChainEnds,
  findSealed,
  findUnsealed,
  lockSealing,
  type SealedRow,
  sealConsents,
} from './consent-chain.sql.ts';
import { findChapters } from './profile.sql.ts';

const batch = 2_000;

/** The whole party's, of before each organization had its own. */
const firstChain = '0';
type Ends = Map<string, ChainPlace>;

/** Links what was written since into its chain; a job, so that nobody who signs up waits for it. */
export async function seal(scope: Scope): Promise<number> {
  let sealed = 0;
  for (;;) {
    const done = await scope.write(sealBatch);
    sealed += done;
    if (done < batch) return sealed;
  }
}

async function sealBatch(scope: Scope): Promise<number> {
  await lockSealing(scope);
  const rows = await findUnsealed(scope, batch);
  if (rows.length === 0) return 0;
  const ends = await findChainEnds(scope);
  const links = rows.map((row) => {
    const end = ends.get(row.organization) ?? beginning(row.organization, ends);
    const hash = linkOf(end.hash, row);
    const place = { chain: end.chain, position: after(end.position) };
    ends.set(row.organization, { ...place, hash });
    return { id: row.id, ...place, hash: hash.toString('hex') };
  });
  await sealConsents(scope, links);
  return links.length;
}

/** Where a chain starts: at the end of the first one where there is one, so that it cannot be older. */
export function beginning(chain: string, ends: Ends): ChainPlace {
  const first = chain === firstChain ? undefined : ends.get(firstChain);
  return { chain, position: '0', hash: first?.hash ?? Buffer.alloc(32) };
}

const after = (position: string): string => String(BigInt(position) + 1n);

const faultsTold = 20;

/**
 * Sentences about what does not fit, at most twenty; none when each chain is whole. Erased details are no fault. Asked by
 * the operator or a job: staff of a chapter do not see those who are erased.
 */
export async function verifyChains(scope: Scope): Promise<string[]> {
  const ends = await findChainEnds(scope);
  const reached: Ends = new Map();
  const broken: ChainPlace[] = [];
  for await (const row of sealedRows(scope)) {
    const before = reached.get(row.chain) ?? beginning(row.chain, ends);
    if (!follows(row, before) && broken.length < faultsTold) {
      broken.push({ ...row, chain: row.organization });
    }
    reached.set(row.chain, { chain: row.chain, position: row.position, hash: row.hash });
  }
  broken.push(...cutOff(scope, reached, ends));
  return broken.length === 0 ? [] : told(scope, broken.slice(0, faultsTold));
}

/** Chain by chain, in order; the next are read while these are looked at. */
export async function* sealedRows(scope: Scope): AsyncIterable<SealedRow> {
  let next = findSealed(scope, { chain: firstChain, position: '0' }, batch);
  for (;;) {
    const rows = await next;
    const last = rows.at(-1);
    if (!last || rows.length < batch) return yield* rows;
    next = findSealed(scope, last, batch);
    // Whoever stops before the end does not hear of it.
    next.catch(() => {});
    yield* rows;
  }
}

function follows(row: SealedRow, before: ChainPlace): boolean {
  return (
    row.position === after(before.position) &&
    linkOf(before.hash, row).equals(row.hash) &&
    fitsDetail(row)
  );
}

/** Chains that do not end where they did when they were sealed last. */
function cutOff(scope: Scope, reached: Ends, ends: Ends): ChainPlace[] {
  const isOurs = (chain: string) => !scope.bound || scope.bound.includes(chain);
  return [...new Set([...reached.keys(), ...ends.keys()])].filter(isOurs).flatMap((chain) => {
    const last = reached.get(chain) ?? beginning(chain, ends);
    const end = ends.get(chain);
    if (end?.position === last.position && end.hash.equals(last.hash)) return [];
    return [{ ...last, position: after(last.position) }];
  });
}

async function told(scope: Scope, broken: readonly ChainPlace[]): Promise<string[]> {
  const names = new Map((await findChapters(scope)).map(({ id, name }) => [id, name]));
  // The first chain is the whole party's.
  const nameOf = (id: string) =>
    id === firstChain ? scope.organization.name : (names.get(id) ?? id);
  return broken.map(({ chain, position }) =>
    scope.t('people.check.broken', { position, organization: nameOf(chain) }),
  );
}

function fitsDetail({ salt, subject, wording, evidence, digest }: SealedRow): boolean {
  if (!salt) return true;
  return digestOf(salt, String(subject), wording ?? '', canonical(evidence ?? {})).equals(digest);
}

function linkOf(previous: Buffer, row: ChainedRow): Buffer {
  return createHash('sha256').update(previous).update(sealedText(row)).digest();
}

/** What is hashed after the hash before it. */
export function sealedText(row: ChainedRow): string {
  const { id, organization, channel, purpose, given, locale, source, at, digest } = row;
  const words = [id, organization, channel, purpose, String(given), locale, source];
  return JSON.stringify([...words, at.toISOString(), digest.toString('hex')]);
}

/** Without the salt nobody can guess from it what was said. */
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
