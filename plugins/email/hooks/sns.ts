// A call of Amazon SNS: whether it is one, and of the party's own topic.
// https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
import { createVerify, X509Certificate } from 'node:crypto';
import type { Scope } from 'rostra/plugin';
import type { Deps } from '../deps.ts';

export interface SnsCall {
  Type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  Message: string;
  MessageId: string;
  Timestamp: string;
  TopicArn: string;
  Subject?: string;
  Token?: string;
  SubscribeURL?: string;
}

const signedFields = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: confirmation(),
  UnsubscribeConfirmation: confirmation(),
} as const;

function confirmation() {
  return ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
}

const hashes: Record<string, string> = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' };

/**
 * `topics`: those of the party, which alone are believed: anybody may have one at Amazon, signed just as well. `undefined`
 * for a call that is none; throws `unavailable` while Amazon's certificate cannot be fetched.
 */
export async function readSns(
  scope: Scope,
  deps: Pick<Deps, 'fetch'>,
  body: Buffer,
  topics: readonly string[],
): Promise<SnsCall | undefined> {
  const call = parsed(body);
  const fields = call && signedFields[call['Type'] as SnsCall['Type']];
  if (!call || !Array.isArray(fields) || !topics.includes(call['TopicArn'] ?? '')) return undefined;
  const { Signature = '', SignatureVersion = '', SigningCertURL = '' } = call;
  const hash = hashes[SignatureVersion];
  if (!hash || !isAmazons(SigningCertURL, /\.pem$/)) return undefined;
  const certificate = await certificateAt(scope, deps, SigningCertURL);
  const verifier = createVerify(hash);
  for (const name of fields) {
    if (call[name] !== undefined) verifier.update(`${name}\n${call[name]}\n`);
  }
  const isSigned = certificate && verifier.verify(certificate.publicKey, Signature, 'base64');
  return isSigned ? (call as unknown as SnsCall) : undefined;
}

/** Texts alone: nothing else is signed. */
function parsed(body: Buffer): Record<string, string> | undefined {
  try {
    const call: unknown = JSON.parse(body.toString('utf8'));
    if (typeof call !== 'object' || call === null || Array.isArray(call)) return undefined;
    const texts = Object.entries(call).filter(([, value]) => typeof value === 'string');
    return Object.assign(Object.create(null), Object.fromEntries(texts));
  } catch {
    return undefined;
  }
}

/** Of SNS itself, and nothing that only looks like it. */
export function isAmazons(address: string, path = /^/): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.protocol !== 'https:' || url.port || url.username || url.password) return false;
  return (
    /^sns\.[a-z0-9-]{3,}\.amazonaws\.com(\.cn)?$/.test(url.hostname) && path.test(url.pathname)
  );
}

const kept = new Map<string, X509Certificate>();
const mostKept = 20;

/** `undefined` for what is no certificate, or is out of date. */
async function certificateAt(
  scope: Scope,
  { fetch }: Pick<Deps, 'fetch'>,
  address: string,
): Promise<X509Certificate | undefined> {
  const known = kept.get(address) ?? (await fetched(scope, fetch, address));
  if (!known) return undefined;
  const now = scope.now().getTime();
  return now >= Date.parse(known.validFrom) && now <= Date.parse(known.validTo) ? known : undefined;
}

async function fetched(scope: Scope, fetch: Deps['fetch'], address: string) {
  const answer = await fetch.text(scope, address, { maxBytes: 64 * 1024 });
  // Led elsewhere, it is nobody's that we know.
  if (answer.status !== 200 || !isAmazons(answer.url, /\.pem$/)) return undefined;
  try {
    return keepCertificate(address, answer.body);
  } catch {
    return undefined;
  }
}

/** As it came from there: it is not asked for again while the process lives. */
export function keepCertificate(address: string, pem: string): X509Certificate {
  const certificate = new X509Certificate(pem);
  if (kept.size >= mostKept) kept.clear();
  kept.set(address, certificate);
  return certificate;
}
