// The register of breaches as files: a table for people, and all of it with its history for machines.
import type { Scope } from 'rostra/plugin';
import { type Breach, findBreachChanges, findRegister } from './breach.sql.ts';
import { clockOf, wasLate } from './breach.ts';
import { abroadWord } from './breach-abroad.ts';
import { dataWords, kindWords } from './breach-words.ts';
import { csvLine } from './csv.ts';

const columns = [
  ...['reference', 'organization', 'happenedAt', 'knownAt', 'what', 'kinds', 'data', 'concerned'],
  ...['peopleCount', 'recordCount', 'named', 'risk', 'consequences', 'measures'],
  ...['dueAt', 'dueSource', 'reportedAt', 'reportNumber', 'isInTime', 'lateReason'],
  ...['unreportedReason', 'toldAt', 'toldHow', 'untoldReason', 'closedAt', 'abroad'],
];

/** Names nobody: of the people named in a breach only how many they are. */
export async function* registerCsv(scope: Scope): AsyncIterable<string> {
  // Spreadsheets take it for UTF-8 by its mark.
  yield `\uFEFF${csvLine(columns.map((one) => scope.t(`privacy.breach.field.${one}`)))}`;
  for (const breach of await findRegister(scope)) yield csvLine(cellsOf(scope, breach));
}

function cellsOf(scope: Scope, breach: Breach): string[] {
  const iso = (at: Date | null) => at?.toISOString() ?? '';
  const { peopleCount, recordCount, named, namedErased, risk } = breach;
  return [
    ...[breach.reference, breach.organizationName, iso(breach.happenedAt), iso(breach.knownAt)],
    ...[breach.what, kindWords(scope, breach.kinds).join('; ')],
    ...[dataWords(scope, breach).join('; '), breach.concerned ?? ''],
    ...[peopleCount, recordCount, named + namedErased].map((count) => count?.toString() ?? ''),
    ...[risk ? scope.t(`privacy.breach.risk.${risk}`) : scope.t('privacy.breach.risk.open')],
    ...[breach.consequences ?? '', breach.measures ?? ''],
    ...[iso(breach.dueAt), breach.dueSource ?? '', iso(breach.reportedAt)],
    ...[breach.reportNumber ?? '', inTime(scope, breach), breach.lateReason ?? ''],
    ...[breach.unreportedReason ?? '', iso(breach.toldAt), breach.toldHow ?? ''],
    ...[breach.untoldReason ?? '', iso(breach.closedAt)],
    breach.abroad.map((one) => abroadWord(scope, one, iso)).join('; '),
  ];
}

/** Nothing where no law set a time, or the authority need not be told. */
function inTime(scope: Scope, breach: Breach): string {
  if (!breach.dueAt || breach.unreportedAt) return '';
  const isLate = wasLate(breach) || clockOf(scope.now(), breach).isLate;
  return scope.t(isLate ? 'privacy.no' : 'privacy.yes');
}

export async function* registerJson(scope: Scope): AsyncIterable<string> {
  const changes = (await findBreachChanges(scope)).reverse();
  const all = (await findRegister(scope)).map(
    ({ id, organizationId: _, organizationSlug: __, organizationName, ...breach }) => ({
      ...{ organization: organizationName, ...breach },
      history: changes
        .filter((one) => one.breachId === id)
        .map(({ breachId: _breach, ...change }) => change),
    }),
  );
  yield `${JSON.stringify(all, undefined, 2)}\n`;
}
