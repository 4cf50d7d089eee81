// What became of a send in numbers: for the page, its picture, and a file.
import { byteOrderMark, formatMoney, makeLine, type Scope } from 'rostra/plugin';
import { cameOf } from './came.ts';
import type { Deps } from './deps.ts';
import { findTally } from './tally.sql.ts';

export const measures = [
  ...(['accepted', 'delivered', 'bounced', 'refused', 'unknown', 'skipped'] as const),
  ...(['answered', 'left', 'complained', 'waiting'] as const),
];
/** Of those who let themselves be counted. */
const readings = ['measured', 'opened', 'clicked'] as const;
export const resultsOf = findTally;

/** Of nobody by name. */
export async function resultsFile(
  scope: Scope,
  deps: Deps,
  { id, mark }: { id: string; mark: string },
): Promise<string> {
  const results = await resultsOf(scope, id);
  const line = await makeLine(scope.locale);
  const say = (name: string) => scope.t(`outreach.progress.${name}`);
  const read = results.measured > 0 ? readings : [];
  const rows = (['all', ...measures, ...read] as const).map((one) =>
    line([say(one), String(results[one])]),
  );
  const came = (await cameOf(scope, deps, mark)).flatMap(({ name, count, money = [] }) => {
    const what = scope.t(name, { count });
    const sums = money.map(({ currency, minor }) => [
      scope.t('outreach.came.sum', { name: what, currency }),
      formatMoney(scope.locale, minor, currency),
    ]);
    return [[what, String(count)], ...sums].map(line);
  });
  return byteOrderMark + line([say('what'), say('people')]) + [...rows, ...came].join('');
}
