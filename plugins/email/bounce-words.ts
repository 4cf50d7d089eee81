// Why a message came back, read from the code that its server gave (RFC 3463), and from its words where that says little.
import type { ReturnedWhy } from 'rostra/people';

export interface Verdict {
  why: ReturnedWhy;
  isPermanent: boolean;
}

/** `status`: `5.1.1`; `words`: what the server said. `undefined` for a status that is none. */
export function verdictOf(status: string, words: string): Verdict | undefined {
  const [, level, subject = '', detail = ''] =
    /^([245])\.(\d{1,3})\.(\d{1,3})$/.exec(status.trim()) ?? [];
  if (!level || level === '2') return undefined;
  const why = whyOf(`${subject}.${detail}`, words);
  // A server that wants nothing of ours judges the sender: the mailbox may be well, and thousands of them share the judgement.
  return { why, isPermanent: level === '5' && why !== 'unwanted' };
}

function whyOf(code: string, words: string): ReturnedWhy {
  const known = codes.find(([form]) => form.test(code))?.[1];
  return known ?? phrases.find(([form]) => form.test(words))?.[1] ?? 'other';
}

const codes: readonly [RegExp, ReturnedWhy][] = [
  [/^1\.(1|2|3|6|10)$|^2\.1$/, 'no-mailbox'],
  [/^2\.2$/, 'full'],
  [/^7\./, 'unwanted'],
  [/^4\.|^3\.(1|2)$/, 'unreachable'],
];

const phrases: readonly [RegExp, ReturnedWhy][] = [
  [/user unknown|unknown user|no such (user|mailbox|recipient)|does ?n[o’']t exist/i, 'no-mailbox'],
  [/(mail)?box( is)? full|over ?quota|quota exceeded/i, 'full'],
  [/spam|unwanted|blocked|blacklist|block ?list|reputation/i, 'unwanted'],
  [/timed? ?out|could not connect|connection refused|unreachable/i, 'unreachable'],
];
