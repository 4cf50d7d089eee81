// What became of a send in numbers: for the page, its picture, and a file.
import { byteOrderMark, makeLine, type Scope } from 'rostra/plugin';
import { type After, countAfter } from './after.sql.ts';
import { type Counts, countRecipients } from './recipient.sql.ts';

export const measures = [
  ...(['accepted', 'delivered', 'bounced', 'refused', 'unknown', 'skipped'] as const),
  ...(['answered', 'left', 'complained', 'waiting'] as const),
];
export type Results = Counts & After;

export async function resultsOf(scope: Scope, sendId: string): Promise<Results> {
  return { ...(await countRecipients(scope, sendId)), ...(await countAfter(scope, sendId)) };
}

/** Of nobody by name. */
export async function resultsFile(scope: Scope, sendId: string): Promise<string> {
  const results = await resultsOf(scope, sendId);
  const line = await makeLine(scope.locale);
  const say = (name: string) => scope.t(`outreach.progress.${name}`);
  const rows = (['all', ...measures] as const).map((one) => line([say(one), String(results[one])]));
  return byteOrderMark + line([say('what'), say('people')]) + rows.join('');
}
