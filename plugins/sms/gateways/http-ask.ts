// One request that hands a message over: what is known when it fails.
import type { FetchedText } from 'rostra/plugin';
import type { HandedSms } from '../index.ts';

/** Nobody was reached, so nothing was taken. */
const unreached = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
];

export async function attempt(
  ask: () => Promise<FetchedText>,
  cut: AbortSignal,
): Promise<FetchedText | HandedSms> {
  if (cut.aborted) return { state: 'later', answer: 'cut' };
  const isCut = new Promise<HandedSms>((resolve) =>
    cut.addEventListener('abort', () => resolve({ state: 'unknown', answer: 'cut' }), {
      once: true,
    }),
  );
  return Promise.race([ask().catch(lost), isCut]);
}

function lost(error: unknown): HandedSms {
  const code = codeOf(error);
  return unreached.includes(code) || /not a public one/.test(reasonOf(error))
    ? { state: 'later', answer: `unreachable ${code}`.trim() }
    : { state: 'unknown', answer: `no answer ${code}`.trim() };
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: string; cause?: unknown };
  return cause ? codeOf(cause) : String(code ?? '');
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: unknown };
  return cause ? reasonOf(cause) : String(message ?? '');
}
