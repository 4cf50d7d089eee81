// `rostra law`: the rules in force, with their sources.
import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { StartError } from '../database/start-error.ts';
import { type Explanation, explain, explainOne } from '../law/explain.ts';
import { loadPacks } from '../law/pack.ts';
import { isCapability } from '../law/vocabulary.ts';
import { say, table } from './terminal.ts';

export function addLawCommands(program: Command): void {
  const law = program.command('law').description('what is allowed where, and by which text');

  law
    .command('list [jurisdiction]')
    .description('every act that a plugin may ask for; without a jurisdiction, the packs')
    .action(async (jurisdiction?: string) => {
      const packs = await loadPacks();
      if (!jurisdiction) return say(packs.ids.join('\n'));
      demandPack(packs.ids, jurisdiction);
      const rows = explain(packs, jurisdiction, systemClock.now());
      say(table(rows.map((one) => [one.capability, one.verdict, one.reasons[0]?.source ?? ''])));
    });

  law
    .command('explain <jurisdiction> <capability>')
    .description('one act: verdict, conditions, sources and dates')
    .action(async (jurisdiction: string, capability: string) => {
      const packs = await loadPacks();
      demandPack(packs.ids, jurisdiction);
      if (!isCapability(capability)) {
        throw new StartError(`"${capability}" is not in the vocabulary: see \`rostra law list\`.`);
      }
      say(inWords(explainOne(packs, jurisdiction, capability, systemClock.now())));
    });
}

function demandPack(ids: readonly string[], jurisdiction: string): void {
  if (ids.includes(jurisdiction)) return;
  throw new StartError(`There is no pack "${jurisdiction}". There are: ${ids.join(', ')}.`);
}

function inWords({ capability, verdict, conditions, reasons }: Explanation): string {
  const lines = [`${capability}: ${verdict}`];
  for (const { word } of conditions) lines.push(`  needs ${word}`);
  for (const reason of reasons) {
    lines.push(`  ${reason.rule} (${reason.pack} ${reason.version})`);
    lines.push(`    ${reason.source}, as of ${reason.asOf}, ${reason.basis}, ${reason.confidence}`);
  }
  return lines.join('\n');
}
