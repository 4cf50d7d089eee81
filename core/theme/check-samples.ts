// Draws every view and mail through one theme with its sample data: what only shows once something is drawn.
import path from 'node:path';
import { systemClock } from '../clock.ts';
import { makeLog } from '../log.ts';
import type { Finding } from './check.ts';
import { exampleParty, openSampler, type SamplerOptions } from './sampler.ts';
import { drawSample, everySample, viewsWithoutSample } from './samples.ts';
import { ViewError } from './templates.ts';

/** `theme` lies in `folder`; both languages are drawn. */
export async function checkSamples(
  theme: string,
  folder: string,
  { plugins = [], themes = [] }: Pick<SamplerOptions, 'plugins' | 'themes'>,
): Promise<Finding[]> {
  const said: string[] = [];
  const log = makeLog('warn', { write: (line) => void said.push(line) });
  const deps = await openSampler({ plugins, themes: [...themes, folder], log, clock: systemClock });
  const found = new Map<string, Finding>();
  const add = (finding: Finding) =>
    found.set(`${finding.code} ${finding.where} ${finding.message}`, finding);
  for (const sample of everySample(deps)) {
    for (const locale of deps.locales.known) {
      try {
        await drawSample(deps, exampleParty, { theme }, sample, locale, true);
      } catch (error) {
        add(undrawn(folder, `${sample.plugin}/${sample.view}, ${sample.name}`, error));
      }
    }
  }
  for (const view of viewsWithoutSample(deps)) add(unseen(view));
  for (const line of said) {
    const { key, locale, msg } = JSON.parse(line);
    if (key) add(unsaid(key, locale, msg));
  }
  return [...found.values()];
}

function undrawn(folder: string, view: string, error: unknown): Finding {
  const { file, line, cause } = error instanceof ViewError ? error : causeOf(error);
  const where = file === undefined ? view : path.relative(folder, file);
  return {
    code: 'TH014',
    level: 'error',
    where: line === undefined ? where : `${where}:${line}`,
    message: `${view}: ${cause instanceof Error ? cause.message : String(cause)}`,
    mend: 'ask for what the view is given; a part that may be missing is asked for with `?.`',
  };
}

/** A fault of a theme wraps that of its view. */
function causeOf(error: unknown): Partial<ViewError> {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof ViewError ? cause : { cause: error };
}

function unseen(view: string): Finding {
  return {
    code: 'TH015',
    level: 'warning',
    where: view,
    message: 'has no sample data, so it was not drawn',
    mend: 'put `<view>.sample.json` beside it',
  };
}

function unsaid(key: string, locale: string, message: string): Finding {
  return {
    code: 'TH016',
    level: 'warning',
    where: `locales/${locale}.json`,
    message: `${key}: ${message}`,
    mend: 'write the sentence, in both languages',
  };
}
