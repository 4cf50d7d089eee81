// Amounts in the law: a currency, a span in which gifts are added up, and the lesser of two; `null` is none.
import { type Kind, sorted } from './kind.ts';

const periods = ['donation', 'day', 'calendar_year', 'election', 'election_year'] as const;
/** From the narrowest on: of two with the same amount the wider is the stricter. */
const reaches = [
  'recipient',
  'region',
  'local_parts',
  'party',
  'all_parties',
  'all_candidates',
] as const;

export interface Money {
  /** In the currency's smallest unit; `null` where the law sets no amount. */
  readonly minor: number | null;
  readonly currency: string;
  /** Over which gifts are added up. */
  readonly per: (typeof periods)[number];
  /**
   * To whom: the recipient alone; the party's committees of one region, such as a state, together; its local parts and
   * candidates together; the party with all of its parts; or all of its kind together, which one server cannot know.
   */
  readonly across: (typeof reaches)[number];
}

const rank = ({ minor }: Money) => minor ?? Number.POSITIVE_INFINITY;

export const moneyKind: Kind<Money> = {
  fault(value) {
    const { minor, currency, per, across, ...rest } = (value ?? {}) as Record<string, unknown>;
    const [extra] = Object.keys(rest);
    if (extra !== undefined) return `must not have "${extra}"`;
    if (minor !== null && !(Number.isInteger(minor) && (minor as number) >= 0)) {
      return 'minor must be a whole number of the smallest unit, or null where there is none';
    }
    if (!/^[A-Z]{3}$/.test(String(currency))) return 'currency must be of three letters';
    if (!periods.includes(per as 'day')) return `per must be one of ${periods.join(', ')}`;
    if (across === undefined || reaches.includes(across as 'recipient')) return undefined;
    return `across must be one of ${reaches.join(', ')}`;
  },
  read: (value) => sorted(Object.entries({ across: 'recipient', ...(value as object) })),
  merge(one, other) {
    if (rank(one) !== rank(other)) return rank(one) < rank(other) ? one : other;
    return reaches.indexOf(one.across) >= reaches.indexOf(other.across) ? one : other;
  },
  isLooser: (child, parent) => rank(child) > rank(parent),
  isFree: ({ minor }) => minor === null,
  clash(one, other) {
    const [mine, theirs] = [one, other].map(({ currency, per }) => `${currency} per ${per}`);
    return mine === theirs ? undefined : `${mine} and ${theirs}`;
  },
};
