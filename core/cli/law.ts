// `rostra law`: the rules in force, with their sources.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { StartError } from '../database/start-error.ts';
import { type Explanation, explain, explainOne } from '../law/explain.ts';
import type { Citation } from '../law/gate.ts';
import { loadPacks, type Packs } from '../law/pack.ts';
import { enforced, isRuleId, type RuleId, ruleIds } from '../law/rules.ts';
import { isCapability } from '../law/vocabulary.ts';
import { say, table } from './terminal.ts';

export function addLawCommands(program: Command): void {
  const law = program.command('law').description('what is allowed where, and by which text');

  law
    .command('list [jurisdiction]')
    .description(
      'every act that a plugin may ask for, and every rule; without a jurisdiction, the packs',
    )
    .action(async (jurisdiction?: string) => {
      const packs = await readPacks();
      if (!jurisdiction) return say(packs.ids.join('\n'));
      demandPack(packs.ids, jurisdiction);
      const when = systemClock.now();
      const acts = explain(packs, jurisdiction, when);
      const rules = ruleIds
        .map((id) => [id, packs.rule(jurisdiction, id, { when })] as const)
        .filter(([, ruling]) => ruling.value !== undefined);
      say(
        table([
          ...acts.map((one) => [one.capability, one.verdict, one.reasons[0]?.source ?? '']),
          ...rules.map(([id, one]) => [id, one.enforce, one.reasons[0]?.source ?? '']),
        ]),
      );
    });

  law
    .command('explain <jurisdiction> <word>')
    .description('one act or rule: verdict or value, conditions, sources and dates')
    .action(async (jurisdiction: string, word: string) => {
      const packs = await readPacks();
      demandPack(packs.ids, jurisdiction);
      const when = systemClock.now();
      if (isRuleId(word)) return say(ruleInWords(packs, jurisdiction, word, when));
      if (!isCapability(word)) {
        throw new StartError(`"${word}" is not in the vocabulary: see \`rostra law list\`.`);
      }
      say(inWords(explainOne(packs, jurisdiction, word, when)));
    });

  law
    .command('coverage <jurisdiction>')
    .description('every rule: what is done with it, and whether code asks for it')
    .action(async (jurisdiction: string) => {
      const packs = await readPacks();
      demandPack(packs.ids, jurisdiction);
      const rows = ruleIds.map((id) => {
        const { value, enforce } = packs.rule(jurisdiction, id, { when: systemClock.now() });
        const said = value === undefined ? 'unwritten' : enforce;
        return [id, said, enforced.has(id) ? 'asked by code' : 'asked by nobody yet'];
      });
      say(table(rows));
    });
}

/** Drafts as they are written, and the party's own, which need no server to be read. */
function readPacks(): Promise<Packs> {
  const own = resolve(process.env.ROSTRA_DATA || './data', 'packs');
  return loadPacks({ own, isSigned: () => true });
}

function demandPack(ids: readonly string[], jurisdiction: string): void {
  if (ids.includes(jurisdiction)) return;
  throw new StartError(`There is no pack "${jurisdiction}". There are: ${ids.join(', ')}.`);
}

function inWords({ capability, verdict, conditions, reasons }: Explanation): string {
  const lines = [`${capability}: ${verdict}`];
  for (const { word } of conditions) lines.push(`  needs ${word}`);
  return [...lines, ...sourcesOf(reasons)].join('\n');
}

function ruleInWords(packs: Packs, jurisdiction: string, id: RuleId, when: Date): string {
  const { value, enforce, reasons, provisional } = packs.rule(jurisdiction, id, { when });
  if (value === undefined) return `${id}: no pack says anything of it`;
  const lines = isByName(value)
    ? Object.entries(value).map(
        ([name, one]) => `  ${name}: ${isByName(one) ? weekOf(one) : asText(one)}`,
      )
    : [`  ${[value].flat().map(asText).join(', ') || 'none'}`];
  const note = provisional ? ', lapsed: the last value is kept' : '';
  return [`${id}: ${enforce}${note}`, ...lines, ...sourcesOf(reasons)].join('\n');
}

const isByName = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** `mon 09:00-20:00; …; sun none` */
function weekOf(byDay: object): string {
  const hours = (openings: string[][]) =>
    openings.map((ends) => ends.join('-')).join(' ') || 'none';
  return Object.entries(byDay)
    .map(([day, openings]) => `${day} ${hours(openings)}`)
    .join('; ');
}

function sourcesOf(reasons: readonly Citation[]): string[] {
  return reasons.flatMap((one) => [
    `  ${one.rule} (${one.pack} ${one.version})`,
    `    ${one.source}, as of ${one.asOf}, ${one.basis}, ${one.confidence}`,
  ]);
}
