// Donors who were erased are still named in what the law wants filed: from what is kept under seal, while its day lasts.
import type { Scope } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import type { DonationLine } from '../line.ts';
import { fromRow } from '../row.ts';
import type { GivenRow } from '../subject.sql.ts';

const batch = 500;

/** By what a gift is found again in the sealed store. */
export const sealedWordOf = (donationId: string): string => `donation:${donationId}`;

/** `reason`: for which list; it stands in the record of acts. Whoever asks has looked whether the reader may. */
export async function* unsealed<Line extends DonationLine>(
  scope: Scope,
  deps: Pick<Deps, 'sealedStore'>,
  lines: AsyncIterable<Line>,
  reason: string,
): AsyncIterable<Line> {
  let some: Line[] = [];
  for await (const line of lines) {
    some.push(line);
    if (some.length < batch) continue;
    yield* await named(scope, deps, some, reason);
    some = [];
  }
  yield* await named(scope, deps, some, reason);
}

async function named<Line extends DonationLine>(
  scope: Scope,
  { sealedStore }: Pick<Deps, 'sealedStore'>,
  lines: Line[],
  reason: string,
): Promise<Line[]> {
  const about = lines.filter(isErased).map(({ id }) => sealedWordOf(id));
  if (about.length === 0) return lines;
  const kept = await sealedStore.read(scope, { plugin: 'fundraising', about, reason });
  const known = new Map(kept.map((one) => [one.about, fromRow<GivenRow>(one.record).identity]));
  return lines.map((line) => ({
    ...line,
    identity: known.get(sealedWordOf(line.id)) ?? line.identity,
  }));
}

/** A gift that was anonymous from the first is of no donor. */
function isErased({ donorId, identity }: DonationLine): boolean {
  return donorId !== undefined && Object.keys(identity).length === 0;
}
