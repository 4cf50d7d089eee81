// What is wrong with a theme, by number, with its mend; asked at load and by `rostra theme list`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import satisfies from 'semver/functions/satisfies.js';
import { contractVersion } from '../manifests.ts';
import { contrast, isToken } from './look.ts';
import { makeTemplates, ViewError } from './templates.ts';
import { lineOf, readTheme, type Theme } from './theme.ts';

export interface Finding {
  code: string;
  /** An error keeps the theme from being used; the site shows in `plain` then. */
  level: 'error' | 'warning';
  /** Relative to the theme's folder, with the line where there is one. */
  where: string;
  message: string;
  mend: string;
}

/** `others` are the themes that it may name as parent. */
export function checkTheme(folder: string, others: readonly Theme[] = []): Finding[] {
  const theme = readTheme(folder);
  if ('wrong' in theme) return [error('TH001', 'theme.json', theme.wrong, mends.TH001)];
  return [
    ...checkManifest(theme),
    ...checkLine(theme, others),
    ...etaFiles(folder).flatMap((file) => checkView(folder, file)),
  ];
}

const mends = {
  TH001: 'write id, name, version (1.0.0) and core (^1.0.0), and nothing that is not known',
  TH002: 'say in `core` which version it is written for, e.g. ^1.0.0',
  TH003: 'install the parent, or name another',
  TH004: 'let one of them have no parent',
  TH005: 'write colours as #rrggbb and fonts as a plain list of names',
  TH006: 'choose ink and paper further apart: 7 to 1 is read in the sun',
  TH010: 'mend the template; `node --check` does not know Eta, the line is the one named',
  TH011: 'write <%= %>: what is safe passes, what is not is escaped',
  TH012: 'put it into a file below assets/: the site allows no script and no style in a page',
  TH013: 'a view shows what it is given; load nothing and read no process in it',
};

function checkManifest({ manifest }: Theme): Finding[] {
  const findings: Finding[] = [];
  const { ink, paper } = manifest.tokens ?? {};
  if (!satisfies(contractVersion, manifest.core)) {
    const message = `written for core ${manifest.core}, this is ${contractVersion}`;
    findings.push(error('TH002', 'theme.json', message, mends.TH002));
  }
  for (const [name, value] of Object.entries(manifest.tokens ?? {})) {
    if (isToken(name, value)) continue;
    findings.push(error('TH005', 'theme.json', `token ${name} cannot be '${value}'`, mends.TH005));
  }
  if (isToken('ink', ink) && isToken('paper', paper) && contrast(ink ?? '', paper ?? '') < 7) {
    findings.push(warning('TH006', 'theme.json', 'ink is hard to read on paper', mends.TH006));
  }
  return findings;
}

function checkLine(theme: Theme, others: readonly Theme[]): Finding[] {
  const all = new Map([...others, theme].map((each) => [each.id, each]));
  const line = lineOf(all, theme.id);
  if ('unknown' in line) {
    return [error('TH003', 'theme.json', `there is no theme '${line.unknown}'`, mends.TH003)];
  }
  if ('circle' in line) {
    const message = `parents go in a circle: ${line.circle.join(' → ')}`;
    return [error('TH004', 'theme.json', message, mends.TH004)];
  }
  return [];
}

const suspects: [RegExp, keyof typeof mends, Finding['level'], string][] = [
  [/<%[-_]?\s*~/, 'TH011', 'error', 'writes something unescaped (<%~)'],
  [/<script(?![^>]*\ssrc=)[^>]*>|<style[\s>]/i, 'TH012', 'error', 'script or style in the page'],
  [/\s(on[a-z]+|style|hx-on[^=\s]*)\s*=\s*["']/i, 'TH012', 'error', 'style or handler on a tag'],
  [/\bimport\s*\(|\brequire\s*\(|\bprocess\b|\bglobalThis\b/, 'TH013', 'warning', 'reaches out'],
];

function checkView(folder: string, file: string): Finding[] {
  const text = readFileSync(path.join(folder, file), 'utf8');
  const findings = text.split('\n').flatMap((line, i) =>
    suspects
      .filter(([pattern]) => pattern.test(line))
      .map(([, code, level, message]): Finding => {
        return { code, level, where: `${file}:${i + 1}`, message, mend: mends[code] };
      }),
  );
  const fault = compileFault(path.join(folder, file));
  if (!fault) return findings;
  const where = fault.line === undefined ? file : `${file}:${fault.line}`;
  return [...findings, error('TH010', where, String(fault.cause), mends.TH010)];
}

function compileFault(file: string): ViewError | undefined {
  try {
    makeTemplates(false).check(file);
    return undefined;
  } catch (fault) {
    if (fault instanceof ViewError) return fault;
    throw fault;
  }
}

function etaFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((each) => each.endsWith('.eta') && !each.includes('node_modules')).sort();
}

function error(code: string, where: string, message: string, mend: string): Finding {
  return { code, level: 'error', where, message, mend };
}

function warning(code: string, where: string, message: string, mend: string): Finding {
  return { code, level: 'warning', where, message, mend };
}
