// What a bench answers, how it is printed and where it is kept.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface Measure {
  name: string;
  value: number;
  /** What the ground does in the same run, or what must not be passed. */
  limit: number;
  unit: string;
  /** value / limit. */
  ratio: number;
  /** In words: `at least 0.8 of the limit`. */
  goal: string;
  isMet: boolean;
  /** What else was seen: spread, processor time, how it was measured. */
  notes: Record<string, number | string>;
}
export interface Bench {
  name: string;
  run(say: (line: string) => void): Promise<Measure[]>;
}

/** How many rows: as many as the goal speaks of, unless somebody tries the bench with fewer. */
export const sized = (usual: number): number => Number(process.env['BENCH_SIZE'] ?? usual);

export async function seconds(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await act();
  return (performance.now() - began) / 1_000;
}

export function atLeast(part: number, measure: Omit<Measure, 'ratio' | 'goal' | 'isMet'>): Measure {
  const ratio = measure.value / measure.limit;
  return { ...measure, ratio, goal: `at least ${part} of the limit`, isMet: ratio >= part };
}

export function below(times: number, measure: Omit<Measure, 'ratio' | 'goal' | 'isMet'>): Measure {
  const ratio = measure.value / measure.limit;
  const goal = times === 1 ? 'below the limit' : `below ${times} times the limit`;
  return { ...measure, ratio, goal, isMet: ratio < times };
}

/** `bench/results/<name>.json`: the measure that is furthest from its goal, and all of them. */
export function keep(name: string, measures: readonly Measure[]): string {
  const folder = path.join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.json`);
  const worst = measures.find(({ isMet }) => !isMet) ?? measures[0];
  const { value, limit, ratio, unit } = worst ?? {};
  const isMet = measures.every((measure) => measure.isMet);
  writeFileSync(
    file,
    `${JSON.stringify({ name, value, limit, ratio, unit, isMet, measures }, undefined, 2)}\n`,
  );
  return file;
}

export function tableOf(measures: readonly Measure[]): string {
  const rows = measures.map(({ name, value, limit, unit, ratio, goal, isMet, notes }) => [
    ...[
      name,
      figure(value),
      figure(limit),
      unit,
      ratio.toFixed(2),
      goal,
      isMet ? 'met' : 'NOT MET',
    ],
    Object.entries(notes)
      .map(([key, note]) => `${key} ${typeof note === 'number' ? figure(note) : note}`)
      .join(', '),
  ]);
  const all = [['what', 'value', 'limit', 'unit', 'ratio', 'goal', '', ''], ...rows];
  const widths = all[0]?.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0))) ?? [];
  return all
    .map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '))
    .join('\n');
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

function figure(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(2);
}
