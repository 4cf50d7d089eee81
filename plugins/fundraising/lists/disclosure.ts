// Donors above an amount, with what the law wants said of them: Great Britain's reports, Québec's public list, and their kin.
import { dayOf } from 'rostra/plugin';
import { nameOf } from '../identity.ts';
import type { DonationLine } from '../line.ts';
import {
  addressOf,
  byDonor,
  type Cell,
  type Column,
  isWithin,
  keptOf,
  type Lines,
  methodOf,
  type Period,
  type Sheet,
} from './sheet.ts';

export interface Disclosing extends Period {
  /** More than this, in the smallest unit. */
  aboveMinor: number;
  currency: string;
  /** Span in which one donor's gifts are added up, as `money.disclose` says; of `donation` each is alone. */
  per: string;
  /** What is said of each, as `money.fields` says. Without a day, a donor's gifts of one span are one line. */
  fields: readonly string[];
  /** IANA name: on this clock a gift was accepted. */
  timeZone: string;
}

type Say = (line: DonationLine, disclosing: Disclosing) => Cell;

/** Words of `money.fields`, and which column each is; where bodies give too, it is said what each donor is. */
const says: Record<string, { column: string; kind?: Column['kind']; say: Say }> = {
  donor_type: {
    column: 'donor-type',
    say: ({ donorType }) => donorType && { word: `fundraising.donor.${donorType}` },
  },
  legal_name: { column: 'name', say: ({ identity }) => nameOf(identity) },
  name: { column: 'name', say: ({ identity }) => nameOf(identity) },
  address: { column: 'address', say: addressOf },
  registered_address: { column: 'address', say: addressOf },
  tax_domicile: { column: 'address', say: addressOf },
  municipality: { column: 'locality', say: ({ identity }) => identity.address?.locality },
  postal_code: { column: 'postcode', say: ({ identity }) => identity.address?.postcode },
  nationality: { column: 'nationality', say: ({ identity }) => identity.nationality },
  company_number: { column: 'register-number', say: ({ identity }) => identity.registerNumber },
  tax_number: { column: 'tax-number', say: ({ identity }) => identity.taxNumber },
  occupation: { column: 'occupation', say: ({ identity }) => identity.occupation },
  employer: { column: 'employer', say: ({ identity }) => identity.employer },
  nature: { column: 'method', say: methodOf },
  method: { column: 'method', say: methodOf },
  date: { column: 'day', kind: 'day', say: ({ givenOn }) => givenOn },
  date_received: { column: 'day', kind: 'day', say: ({ givenOn }) => givenOn },
  date_accepted: {
    column: 'accepted-on',
    kind: 'day',
    say: ({ settledAt }, { timeZone }) => settledAt && dayOf(settledAt, timeZone),
  },
};

/** Of lines that come by donor, then by day, of whole spans: the sums of a year want the year. */
export function disclosure(lines: Lines, disclosing: Disclosing): Sheet {
  const { fields } = disclosing;
  const isOfBodies = fields.includes('company_number');
  const said = (isOfBodies ? ['donor_type', ...fields] : fields).flatMap((f) => says[f] ?? []);
  const columns = [
    ...said.map(({ column, kind = 'text' }) => ({ label: labelOf(column), kind })),
    { label: labelOf('amount'), kind: 'amount' as const },
  ];
  const { currency } = disclosing;
  return { columns, currency, rows: rowsOf(lines, disclosing, said) };
}

const labelOf = (column: string) => `fundraising.list.column.${column}`;

async function* rowsOf(
  lines: Lines,
  disclosing: Disclosing,
  said: readonly { say: Say; kind?: string }[],
): AsyncIterable<readonly Cell[]> {
  const isByGift = said.some(({ kind }) => kind === 'day') || disclosing.per === 'donation';
  let named = 0;
  let others = 0;
  for await (const group of byDonor(lines)) {
    for (const span of spansOf(group, disclosing)) {
      const shown = span.filter((line) => isWithin(line, disclosing));
      const sum = sumOf(shown);
      if (group[0]?.donorId === undefined || sumOf(span) <= disclosing.aboveMinor) {
        others += sum;
        continue;
      }
      named += sum;
      for (const lot of isByGift ? shown.map((line) => [line]) : [shown]) {
        const last = lot.at(-1);
        if (last) yield [...said.map(({ say }) => say(last, disclosing)), sumOf(lot)];
      }
    }
  }
  yield [];
  for (const [word, minor] of Object.entries({ named, others, total: named + others })) {
    yield [{ word: `fundraising.list.${word}` }, ...Array(said.length - 1).fill(undefined), minor];
  }
}

/** What was kept, in lots that are added up. */
function spansOf(group: DonationLine[], { per, until }: Disclosing): DonationLine[][] {
  const spans = new Map<string, DonationLine[]>();
  for (const line of group) {
    if (keptOf(line) === 0 || line.givenOn > until) continue;
    const span = per === 'donation' ? line.id : per === 'election' ? '' : line.givenOn.slice(0, 4);
    spans.set(span, [...(spans.get(span) ?? []), line]);
  }
  return [...spans.values()];
}

function sumOf(lines: readonly DonationLine[]): number {
  return lines.reduce((sum, line) => sum + keptOf(line), 0);
}
