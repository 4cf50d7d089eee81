// What comes back of a message: told by who delivers it, or answered by who got it.
import type { Scope } from 'rostra/plugin';
import { findReceivedByKey, noteAnswer, noteReports } from './after.sql.ts';
import { stopEvery } from './choose.ts';
import type { Deps } from './deps.ts';
import type { AnswerFrom, Outreach, Report, Reported } from './index.ts';
import { leave, ofNoSend } from './stop.ts';

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

async function handedBy(scope: Scope, key: string) {
  return keyForm.test(key) ? findReceivedByKey(scope, key) : undefined;
}

export const received: Outreach['received'] = async (scope, key) => {
  const found = await handedBy(scope, key);
  if (!found) return undefined;
  const { recipientId: _, ...told } = found;
  return told;
};

export async function leaveByWord(
  scope: Scope,
  deps: Deps,
  of: { key: string } | { personId: string; newsletterId?: string },
): Promise<void> {
  if ('personId' in of) {
    const link = { ...of, recipientId: ofNoSend };
    if (of.newsletterId) await leave(scope, deps, link);
    else await stopEvery(scope, deps, link);
    return;
  }
  const found = await handedBy(scope, of.key);
  if (!found?.personId) return;
  const { personId, recipientId, newsletterId, channel } = found;
  await leave(scope, deps, {
    ...{ personId, recipientId, ...(newsletterId ? { newsletterId } : { channel }) },
  });
}

export async function answered(scope: Scope, from: AnswerFrom) {
  if (from.key !== undefined && !keyForm.test(from.key)) return undefined;
  return scope.write((own) => noteAnswer(own, from, new Date(from.at.getTime() - week)));
}
