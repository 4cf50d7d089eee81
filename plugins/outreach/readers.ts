// Who read a send, in numbers of nobody by name: of those who let themselves be counted.
import type { Scope } from 'rostra/plugin';
import type { ChannelInfo } from './index.ts';
import { findLinks, isMeasuring } from './measure.sql.ts';
import { groundOf, isLawful } from './measure.ts';
import type { Tally } from './tally.sql.ts';

export interface Readers {
  /** Why nobody is counted; `undefined`: some are. */
  not?: 'off' | 'nobody';
  /** What it hangs on here: a yes, or that nobody says no. */
  asks: 'consent' | 'objection';
  links: { href: string; people: number }[];
}

/** `undefined` where nothing is to be said of it: the channel cannot, or the law lets nobody be counted. */
export async function readersOf(
  scope: Scope,
  { id, mark }: { id: string; mark: string },
  { canCount, reach }: ChannelInfo,
  { measured, opened }: Tally,
): Promise<Readers | undefined> {
  if (!canCount) return undefined;
  const isByLaw = groundOf(scope.law, reach, undefined, undefined) !== undefined;
  const asks = isByLaw ? 'objection' : 'consent';
  if (measured + opened > 0) {
    const links = await findLinks(scope, id);
    return { asks, links: links.map((one) => ({ ...one, href: plain(one.href, mark) })) };
  }
  if (!isLawful(scope.law, reach)) return undefined;
  return { not: (await isMeasuring(scope, id)) ? 'nobody' : 'off', asks, links: [] };
}

/** As its writer typed it. */
const plain = (href: string, mark: string): string =>
  href.replace(`?tracking=${mark}`, '').replace(`&tracking=${mark}`, '');
