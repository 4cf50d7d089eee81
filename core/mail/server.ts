// A mail server as one run speaks to it: opened, asked whether it is there, handed messages, its answers read.
import { createPrivateKey } from 'node:crypto';
import type { Scope } from '../scope.ts';
import type { HandedMail, Letter } from '../sending-services.ts';
import { compose } from './compose.ts';
import type { signatureOf } from './domain.ts';
import { isLoopback, isReserved } from './reserved.ts';

const mostAttempts = 8;
/** About three weeks, of a server that has enough of the sender: who waits behind an hourly limit is not given up. */
const patientAttempts = 30;
/** As many at a time as it is spoken to by: none waits in between, where nobody looks at the clock. */
export const lanes = 5;

export type Server = Awaited<ReturnType<typeof openServer>>;

/** Open for one run: an idle connection that the server closed would look like a message lost. */
export async function openServer(url: string, dkim: Awaited<ReturnType<typeof signatureOf>>) {
  // With the first mail that leaves: many an install has no server yet.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: lanes,
    // Sending again by itself is exactly what must not be done.
    maxRequeues: 0,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 60_000,
    // Cut off is cut off: nothing that is buffered still goes out.
    socketCloseTimeout: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const signature = dkim && { ...dkim, key: createPrivateKey(dkim.privateKey) };
  return Object.assign(transport, { isHere: isLoopback(url), signature });
}

/**
 * What became of it; an address that leads nowhere is not tried on a server that would try. Of one that was cut off
 * nobody knows whether the server had all of it.
 */
export async function handOver(
  server: Server,
  scope: Scope,
  letter: Letter,
  { attempts, cut }: { attempts: number; cut?: AbortSignal },
): Promise<HandedMail> {
  if (isReserved(letter.to) && !server.isHere)
    return { state: 'refused', answer: scope.t('mail.reserved') };
  const sent = async () => {
    const composed = await compose({ ...letter, date: scope.now() }, server.signature);
    return server.sendMail({ ...composed, signal: cut });
  };
  return sent().then(
    (info) => ({ state: 'accepted' as const, answer: withoutAddresses(info.response ?? '') }),
    (error: unknown) => ({
      state: verdictOf(error, attempts),
      answer: cut?.aborted ? scope.t('mail.silence.cut') : answerOf(error),
    }),
  );
}

interface Refusal {
  responseCode?: number;
  code?: string;
  response?: string;
}

/** 4xx may be tried again, 5xx may not; without an answer nobody knows, so it is not sent again by itself. */
function verdictOf(error: unknown, attempts: number): HandedMail['state'] {
  const { responseCode, code, response = '' } = error as Refusal;
  if (responseCode === undefined) return code === 'EENVELOPE' ? 'refused' : 'unknown';
  if (responseCode >= 500) return 'refused';
  // RFC 5321, 4.2.1 and RFC 3463, 3.8: it is the sender's turn to wait, and nothing is said of the reader.
  const isOfSender = responseCode === 421 || /^4\d\d[ -]4\.7\./.test(response);
  return attempts < (isOfSender ? patientAttempts : mostAttempts) ? 'later' : 'refused';
}

export function answerOf(error: unknown): string {
  const { response, code } = error as { response?: string; code?: string };
  return withoutAddresses(response ?? code ?? 'no answer');
}

function withoutAddresses(answer: string): string {
  return answer.replace(/\S+@\S+/g, '…').slice(0, 300);
}
