// Whom we can reach, in numbers: who would get a message, who not, and why.
import type { Scope } from 'rostra/plugin';
import { reach } from './contact.ts';
import { sentenceOf } from './contact-words.ts';
import type { ReachAct, ReachAnswer, ReachCount, ReachRow } from './index.ts';
import { unselected } from './reach-facts.ts';

const sourcesMost = 3;

export async function countReach(scope: Scope, act: ReachAct): Promise<ReachCount> {
  const counted = await reach.count(scope, unselected(act));
  const sum = (some: typeof counted) => some.reduce((all, { people }) => all + people, 0);
  const noes = counted.filter(({ answer }) => !answer.may);
  const whys = [...new Set(noes.map(({ answer }) => answer.why))];
  const rows = whys.map((why): ReachRow => {
    const some = noes.filter(({ answer }) => answer.why === why);
    const first = some.toSorted((a, b) => b.people - a.people)[0]?.answer;
    return {
      ...{ why, people: sum(some), sources: sourcesOf(some.map(({ answer }) => answer)) },
      sentence: first ? sentenceOf(scope, first) : '',
    };
  });
  const yeses = counted.filter(({ answer }) => answer.may);
  const provided = new Set(yeses.flatMap(({ answer }) => answer.provided));
  return {
    ...{ act, total: sum(counted), may: sum(yeses), provided: [...provided] },
    rows: rows.sort((a, b) => b.people - a.people),
  };
}

function sourcesOf(answers: readonly ReachAnswer[]) {
  const all = answers.flatMap(({ reasons }) => reasons);
  const each = new Map(
    all.map(({ source, url }) => [source.replace(/\s/g, ' '), { source, ...(url && { url }) }]),
  );
  return [...each.values()].slice(0, sourcesMost);
}
