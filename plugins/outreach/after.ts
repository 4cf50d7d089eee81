// What comes back of a message: told by who delivers it, or answered by who got it.
import type { Scope } from 'rostra/plugin';
import { noteAnswer, noteReports } from './after.sql.ts';
import type { AnswerFrom, Report, Reported } from './index.ts';

const keyForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const detailMost = 500;
const week = 7 * 24 * 60 * 60_000;

export async function report(scope: Scope, told: Report): Promise<Reported | undefined> {
  return (await reportAll(scope, [told]))[0];
}

/** Of two of one kind about one message the last counts, or the one that is for good. */
export async function reportAll(scope: Scope, told: readonly Report[]): Promise<Reported[]> {
  const known = told.map(tidy).filter(({ key }) => keyForm.test(key));
  return scope.write(async (own) => {
    const noted: Reported[] = [];
    for (const kind of ['delivered', 'bounced', 'complained'] as const) {
      const those = new Map<string, Report>();
      for (const one of known.filter((each) => each.kind === kind)) {
        if (!those.get(one.key)?.isPermanent) those.set(one.key, one);
      }
      if (those.size > 0) noted.push(...(await noteReports(own, kind, [...those.values()])));
    }
    return noted;
  });
}

function tidy(told: Report): Report {
  const detail = told.detail && oneLine(told.detail);
  return { ...told, key: told.key.toLowerCase(), ...(detail && { detail }) };
}

/** From a machine that nobody knows: one line, without signs that do not show. */
function oneLine(text: string): string {
  return text
    .slice(0, 10 * detailMost)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ')
    .trim()
    .slice(0, detailMost);
}

export function answered(scope: Scope, from: AnswerFrom) {
  return scope.write((own) => noteAnswer(own, from, new Date(from.at.getTime() - week)));
}
