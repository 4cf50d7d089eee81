// Whether a column of a file writes the day or the month first: told by its own dates, never row by row.
import type { Scope } from 'rostra/plugin';
import type { ImportRow } from './import.sql.ts';
import { isNationBuildersDate } from './import-fields.ts';
import { countDateOrders, type DateCounts } from './stage.sql.ts';

/** `mixed`: both stand in the column, so that only dates which can be read in one way are read. */
export type DateOrder = 'day' | 'month' | 'mixed';
export type DateOrders = Partial<Record<DateField, DateOrder>>;
export const dateFields = ['birthDate', 'membershipExpires'] as const;
type DateField = (typeof dateFields)[number];

/** So many dates of one order outvote a single one of the other, which is then a slip and refused. */
const outvoted = 20;

/** Of each date column that is taken; left out where no date is written with two parts that could be swapped. */
export async function dateOrdersOf(
  scope: Scope,
  plan: Pick<ImportRow, 'id' | 'columns'> & { fields: readonly string[] },
): Promise<DateOrders> {
  const orders: DateOrders = {};
  for (const field of dateFields) {
    const place = plan.fields.indexOf(field);
    if (place < 0) continue;
    const counts = await countDateOrders(scope, plan.id, place);
    const order = orderOf(scope, counts, isNationBuildersDate(plan.columns, place));
    if (order) orders[field] = order;
  }
  return orders;
}

/** NationBuilder writes the month first in every country: dates that say otherwise were put in by somebody else. */
function orderOf(scope: Scope, counts: DateCounts, isTheirs: boolean): DateOrder | undefined {
  const { written, dayFirst, monthFirst } = counts;
  if (written === 0) return undefined;
  if (dayFirst + monthFirst === 0) {
    return isTheirs || scope.organization.jurisdiction.startsWith('us') ? 'month' : 'day';
  }
  if (dayFirst * outvoted <= monthFirst) return 'month';
  return monthFirst * outvoted <= dayFirst && !isTheirs ? 'day' : 'mixed';
}

/** Whether the date contradicts its column, or could be two different days in one that is mixed. */
export function isUnclear(text: string | undefined, order: DateOrder | undefined): boolean {
  const [, one, two] = /^(\d{1,2})[/.-](\d{1,2})[/.-]/.exec(text ?? '') ?? [];
  const [first, second] = [Number(one), Number(two)];
  if (!order || !one || !two || first === second) return false;
  const isDayFirst = first > 12 && second <= 12;
  const isMonthFirst = second > 12 && first <= 12;
  if (order === 'mixed') return first <= 12 && second <= 12;
  return order === 'month' ? isDayFirst : isMonthFirst;
}

/** Said where the columns are chosen. */
export function orderInWords(scope: Scope, order: DateOrder): string {
  return scope.t(`people.import.dates.${order}`);
}
