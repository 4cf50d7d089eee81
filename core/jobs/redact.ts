// What may be written down of an error: what kind it was and where, never its words, which may hold people's data.
import { relative } from 'node:path';
import { isAppError } from '../errors.ts';

const root = process.cwd();

export function redact(error: unknown): Error {
  const safe = new Error(describe(error));
  safe.stack = `${safe.message}\n${framesOf(error).join('\n')}`;
  return safe;
}

/** e.g. `TypeError at plugins/sms/deliver.ts:42`, `error 23505 people_email_address_unique`. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no error was thrown';
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  const words = [isAppError(error) ? undefined : error.name, code, constraint];
  const what = words.filter((word) => typeof word === 'string' && /^[\w.:-]+$/.test(word));
  const place = framesOf(error).map(placeOf).find(Boolean);
  return [what.join(' ') || 'Error', place && `at ${place}`].filter(Boolean).join(' ');
}

function framesOf(error: unknown): string[] {
  if (!(error instanceof Error) || !error.stack) return [];
  return error.stack.split('\n').filter((line) => /^ {4}at .*:\d+:\d+\)?$/.test(line));
}

function placeOf(frame: string): string | undefined {
  const found = /(?:file:\/\/)?(\/[^()]*):(\d+):\d+\)?$/.exec(frame);
  if (!found?.[1] || found[1].includes('/node_modules/')) return undefined;
  return `${relative(root, found[1])}:${found[2]}`;
}
