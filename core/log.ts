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
  const options = { level, redact: { paths: redacted, censor: '[redacted]' }, base: undefined };
  return destination ? pino(options, destination) : pino(options);
}
