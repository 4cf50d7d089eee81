// The log: pino, one JSON line an event, without anything personal.
import pino from 'pino';

export type Log = pino.Logger;

/** Paths that never reach the log, whatever object they stand in. */
export const redacted = [
  'email',
  'phone',
  'password',
  'token',
  'secret',
  'cookie',
  'authorization',
  'name',
  'body',
].flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

export function makeLog(level: string, destination?: pino.DestinationStream): Log {
  const redact = { paths: redacted, censor: '[redacted]' };
  const options = { level, redact, base: undefined, serializers: { err: describeError } };
  return destination ? pino(options, destination) : pino(options);
}

/** Message and place of an error, never its other fields: a database's error carries values in them. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = 'code' in error ? error.code : undefined;
  const cause = error.cause === undefined ? undefined : describeError(error.cause);
  return { type: error.name, message: error.message, code, stack: error.stack, cause };
}
