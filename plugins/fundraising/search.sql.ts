// Gifts of a recipient, found by donor, amount, receipt or reference; and those of one person.
import type { Scope } from 'rostra/plugin';
import { type Donation, donationColumns, donationFrom } from './donation.sql.ts';
import { donationOf } from './donation-row.ts';
import type { DonationState } from './line.ts';
import { held, heldBy } from './office.sql.ts';
import { fromRow } from './row.ts';

export interface Search {
  states: readonly DonationState[];
  /** As typed; nothing finds all. */
  words?: string | undefined;
  /** The words as an amount, where they are one. */
  amountMinor?: number | undefined;
  method?: string | undefined;
  source?: string | undefined;
  fund?: string | undefined;
  pageId?: string | undefined;
  /** ISO dates, both included. */
  since?: string | undefined;
  until?: string | undefined;
  before?: string | undefined;
  most: number;
}

/** Each way in by an index of its own; a donor's name by how one of its first two words begins. */
const hits = `
  select x.id from fundraising.donation x
  where x.recipient_id = :recipientId and x.identity <> '{}'
    and (fundraising.donor_name(x.identity) like :first or fundraising.donor_name(x.identity) like :second)
    and fundraising.donor_name(x.identity) like all (:parts)
  union select x.id from fundraising.donation x
  where x.recipient_id = :recipientId and x.amount_minor = cast(:amountMinor as bigint)
  union select x.id from fundraising.donation x
  where x.recipient_id = :recipientId and x.id = cast(:number as bigint)
  union select x.id from fundraising.donation x
  where x.recipient_id = :recipientId and x.statement_reference = :words
  union select p.donation_id from fundraising.payment p
  where p.recipient_id = :recipientId and p.reference = :words
  union select c.donation_id from fundraising.receipt c
  where c.recipient_id = :recipientId and c.label = :words`;

/** The newest first, before the one with the id `before`. */
export async function searchDonations(
  scope: Scope,
  recipientId: string,
  search: Search,
): Promise<Donation[]> {
  const words = search.words?.trim() || undefined;
  const found = await scope.db.raw(
    `select ${donationColumns} from ${donationFrom}
     where d.recipient_id = :recipientId and d.state = any (:states) and d.id < cast(:before as bigint)
       and ${held(scope, 'd.recipient_id')} ${words ? `and d.id in (${hits})` : ''} ${narrowed(search)}
     order by d.id desc limit :most`,
    {
      ...{ recipientId, most: search.most, states: [...search.states] },
      before: search.before ?? '9223372036854775807',
      ...(words && {
        words,
        amountMinor: search.amountMinor ?? null,
        ...(await partsOf(scope, words)),
      }),
      ...kept(search),
      ...heldBy(scope),
    },
  );
  return found.rows.map(donationOf);
}

const narrowing = {
  method: 'd.method = :method',
  source: 'd.source = :source',
  fund: 'd.fund = :fund',
  pageId: 'd.page_id = :pageId',
  since: 'd.given_on >= cast(:since as date)',
  until: 'd.given_on <= cast(:until as date)',
} as const;
const narrowings = Object.keys(narrowing) as (keyof typeof narrowing)[];

function narrowed(search: Search): string {
  return narrowings
    .filter((name) => search[name])
    .map((name) => `and ${narrowing[name]}`)
    .join(' ');
}

function kept(search: Search): Record<string, string> {
  const filled = narrowings.filter((name) => search[name]);
  return Object.fromEntries(filled.map((name) => [name, search[name] ?? '']));
}

async function partsOf(scope: Scope, typed: string) {
  const found = await scope.db.raw('select core.fold(:typed) as folded', { typed });
  const plain: string = found.rows[0].folded;
  const words = plain
    .replace(/[\\%_]/g, ' ')
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 5);
  const [first, second = first] = words;
  const number = /^#?([1-9]\d{0,17})$/.exec(typed)?.[1];
  return {
    ...{ first: first ? `${first}%` : '', second: second ? `${second}%` : '' },
    parts: words.map((word) => `%${word}%`),
    number: number ?? null,
  };
}

export interface PersonsGift {
  id: string;
  recipientId: string;
  recipient: string;
  givenOn: string;
  amountMinor: number;
  refundedMinor: number;
  currency: string;
  method: string;
  state: DonationState;
}

/** Of one person, to recipients in office: the newest first. */
export async function findGiftsOf(
  scope: Scope,
  personId: string,
  most: number,
): Promise<PersonsGift[]> {
  const found = await scope.db.raw(
    `select d.id, d.recipient_id as "recipientId", r.name as recipient,
       to_char(d.given_on, 'YYYY-MM-DD') as "givenOn", d.amount_minor as "amountMinor",
       d.refunded_minor as "refundedMinor", d.currency, d.method, d.state
     from fundraising.donor g join fundraising.donation d on d.donor_id = g.id
       join fundraising.recipient r on r.id = d.recipient_id
     where g.person_id = :personId and ${held(scope, 'd.recipient_id')}
     order by d.given_on desc, d.id desc limit :most`,
    { personId, most, ...heldBy(scope) },
  );
  return found.rows.map((row: Record<string, unknown>) =>
    fromRow<PersonsGift>(row, ['amountMinor', 'refundedMinor']),
  );
}

/** Words under which gifts of the recipient are kept, to choose from. */
export async function findFunds(scope: Scope, recipientId: string): Promise<string[]> {
  const found = await scope.db.raw(
    `with recursive funds (fund) as (
       select (select min(d.fund) from fundraising.donation d where d.recipient_id = r.id and d.fund is not null)
       from fundraising.recipient r where r.id = :recipientId and ${held(scope, 'r.id')}
       union all
       select (select min(d.fund) from fundraising.donation d
         where d.recipient_id = :recipientId and d.fund > funds.fund)
       from funds where funds.fund is not null)
     select fund from funds where fund is not null limit 50`,
    { recipientId, ...heldBy(scope) },
  );
  return found.rows.map(({ fund }: { fund: string }) => fund);
}
