// Numbers of official receipts, e.g. the CNCCFP's: brought in by the treasurer, each used once, never made up.
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { demandOffice } from './office.ts';
import {
  assignNumbers,
  findDrawer,
  findNumbers,
  findTargets,
  insertForms,
  type Target,
} from './receipt-official.sql.ts';

/** Lines of one list, and forms of one delivery. */
export const linesMost = 5_000;
const lengthMost = 60;

export type Verdict =
  | ('fits' | 'malformed' | 'unknown' | 'not-accepted')
  | ('has-number' | 'used' | 'twice' | 'too-many');

export interface PlannedPair {
  /** In the text, from 1. */
  line: number;
  name: string;
  number: string;
  verdict: Verdict;
  target: Target | undefined;
  /** It fits, but is none of the forms that were received. */
  isStranger: boolean;
}

interface Typed {
  line: number;
  name: string;
  number: string;
}

/**
 * One pair a line: a donation, by its id or by the number of our receipt, then the official number, apart by a tab, a
 * semicolon or a comma. A first line that names no donation is taken for the head of a table.
 */
export function readPairs(text: string): Typed[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const pairs = lines.map((content, at) => {
    const cells = content.split(/[\t;,]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    const [name = '', number = ''] = cells.filter(Boolean);
    return { line: at + 1, name, number };
  });
  const filled = pairs.filter(({ name }) => name !== '');
  const isHead = filled[0] && !/\d/.test(filled[0].name);
  return isHead ? filled.slice(1) : filled;
}

/** What would become of each, without doing it. */
export async function planNumbers(
  scope: Scope,
  recipientId: string,
  text: string,
): Promise<PlannedPair[]> {
  await demandOffice(scope, recipientId, 'record');
  const pairs = readPairs(text);
  const asked = pairs.slice(0, linesMost);
  const names = asked.map(({ name }) => name);
  const numbers = asked.map(({ number }) => number);
  const found = await findTargets(scope, recipientId, names);
  const targets = new Map(found.map((target) => [target.name.toLowerCase(), target]));
  const known = new Map(
    (await findNumbers(scope, recipientId, numbers)).map((one) => [one.number, one.donationId]),
  );
  const drawer = await findDrawer(scope, recipientId);
  const seen = { numbers: new Set<string>(), donations: new Set<string>() };
  return pairs.map((pair, at) => {
    const target = targets.get(pair.name.toLowerCase());
    const isUsed = known.get(pair.number) !== undefined;
    const verdict = at < linesMost ? verdictOf(pair, target, isUsed, seen) : 'too-many';
    const isStranger = verdict === 'fits' && drawer.all > drawer.used && !known.has(pair.number);
    return { ...pair, verdict, target, isStranger };
  });
}

function verdictOf(
  { number }: Typed,
  target: Target | undefined,
  isUsed: boolean,
  seen: { numbers: Set<string>; donations: Set<string> },
): Verdict {
  if (number === '' || number.length > lengthMost || !/\d/.test(number)) return 'malformed';
  if (!target) return 'unknown';
  if (seen.numbers.has(number) || seen.donations.has(target.donationId)) return 'twice';
  if (target.state !== 'accepted') return 'not-accepted';
  if (target.number !== undefined) return 'has-number';
  if (isUsed) return 'used';
  seen.numbers.add(number);
  seen.donations.add(target.donationId);
  return 'fits';
}

/** Those that fit, of the same text, now. Answers how many went. */
export function importNumbers(
  scope: Scope,
  deps: Pick<Deps, 'audit'>,
  recipientId: string,
  text: string,
): Promise<number> {
  return scope.write(async (own) => {
    const plan = await planNumbers(own, recipientId, text);
    const pairs = plan.flatMap(({ verdict, target, number }) =>
      verdict === 'fits' && target ? [{ donationId: target.donationId, number }] : [],
    );
    const count = await assignNumbers(own, recipientId, pairs, authorOf(own));
    await deps.audit.record(own, {
      ...{ act: 'numbers.assigned', subject: { type: 'recipient', id: recipientId } },
      details: { count },
    });
    return count;
  });
}

/** `A-0098` to `A-0102` are five forms; `undefined` for what is no such run, or too long a one. */
export function formsBetween(first: string, last: string): string[] | undefined {
  const [from, to] = [partsOf(first), partsOf(last)];
  if (!from || !to || from.prefix !== to.prefix || from.digits.length !== to.digits.length) return;
  const [low, high] = [BigInt(from.digits), BigInt(to.digits)];
  if (low > high || high - low >= BigInt(linesMost)) return;
  const count = Number(high - low) + 1;
  return Array.from({ length: count }, (_, at) => {
    const digits = String(low + BigInt(at)).padStart(from.digits.length, '0');
    return `${from.prefix}${digits}`;
  });
}

function partsOf(number: string): { prefix: string; digits: string } | undefined {
  const [, prefix = '', digits = ''] = /^(.*?)(\d{1,18})$/.exec(number.trim()) ?? [];
  return digits && number.length <= lengthMost ? { prefix, digits } : undefined;
}

/** Forms that came from the authority go into the drawer. Answers how many are new. */
export function receiveForms(
  scope: Scope,
  deps: Pick<Deps, 'audit'>,
  recipientId: string,
  numbers: readonly string[],
): Promise<number> {
  return scope.write(async (own) => {
    await demandOffice(own, recipientId, 'record');
    const count = await insertForms(own, recipientId, numbers, authorOf(own));
    const details = { count, first: numbers[0], last: numbers.at(-1) };
    await deps.audit.record(own, {
      ...{ act: 'numbers.received', subject: { type: 'recipient', id: recipientId } },
      details,
    });
    return count;
  });
}

function authorOf({ actor }: Scope): string {
  return actor.kind === 'visitor' ? actor.kind : actor.name;
}
