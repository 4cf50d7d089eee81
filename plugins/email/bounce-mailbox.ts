// The mailboxes for returned mail and for answers, which may be one, read by IMAP every few minutes. What is understood is
// kept, then moved; the rest stays.
import type { ImapFlow } from 'imapflow';
import { isPublicHost, type Scope } from 'rostra/plugin';
import { hearAnswers, keepAnswer } from './answer.ts';
import { answerIn, mostBytes, parseMail } from './answer-mail.ts';
import { keyIn } from './bounce-address.ts';
import { type MailReport, reportIn } from './bounce-report.ts';
import type { Deps } from './deps.ts';
import { hear } from './feedback.ts';

/** Where what was understood goes. */
export const doneFolder = 'Rostra';
/** On what somebody has to look at themself: it is not read again. */
export const readMark = '$RostraRead';
/** In one run; the next goes on. */
const mostMessages = 1_000;

export interface EmailSettings {
  /** `retours@parti.example`: whither letters come back. */
  returnAddress?: string;
  /** `imaps://name:password@host/folder`. */
  returnServer?: string;
  /** `reponses@parti.example`: whither letters are answered. */
  answersAddress?: string;
  /** As `returnServer`. */
  answersServer?: string;
  sesTopics?: string;
  postmarkSecret?: string;
}

export async function readMailbox(
  scope: Scope,
  deps: Deps,
  of: 'returnServer' | 'answersServer' = 'returnServer',
): Promise<void> {
  try {
    const server = await serverToRead(scope, deps, of);
    if (server) await readServer(scope, deps, server);
  } finally {
    // What was kept is acted on also while the mailbox is dead.
    await hearAnswers(scope, deps);
  }
}

async function readServer(scope: Scope, deps: Deps, server: string): Promise<void> {
  const { client, folder } = await openMailbox(scope, server);
  try {
    await client.connect();
    const lock = await client.getMailboxLock(folder);
    try {
      await readAll(scope, deps, client);
    } finally {
      lock.release();
    }
    await client.logout();
  } finally {
    client.close();
  }
}

/** What is inherited is read once, where it was set; who reads it there sees the letters of all below. */
async function serverToRead(
  scope: Scope,
  { settings }: Deps,
  of: 'returnServer' | 'answersServer',
): Promise<string | undefined> {
  const { [of]: server, answersServer } = await settings.read<EmailSettings>(scope);
  if (!server || !(await settings.isOwn(scope, of))) return undefined;
  // One mailbox for both is read for both where answers are awaited.
  const isBoth = of === 'returnServer' && server === answersServer;
  return isBoth && (await settings.isOwn(scope, 'answersServer')) ? undefined : server;
}

async function openMailbox({ organization }: Scope, server: string) {
  const { ImapFlow: Client } = await import('imapflow');
  const url = new URL(server);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // A chapter's staff must not make the party's house speak to itself.
  if (organization.parentId !== undefined && !(await isPublicHost(host))) {
    throw new Error('The server of a chapter’s mailbox has to be a public one.');
  }
  const secure = url.protocol === 'imaps:';
  const isHere = ['localhost', '127.0.0.1', '::1'].includes(host);
  const client = new Client({
    ...{ host, port: Number(url.port) || (secure ? 993 : 143), secure },
    // Beyond this machine nothing is said in the open.
    ...(!secure && { doSTARTTLS: !isHere }),
    auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    ...{ logger: false, disableAutoIdle: true },
    ...{ connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 60_000 },
  });
  // Told by the call that fails; without a listener it would end the process.
  client.on('error', () => {});
  const folder = decodeURIComponent(url.pathname.slice(1)) || 'INBOX';
  return { client, folder };
}

/** One message that cannot be kept does not keep back the others: it stays, and is told of at the end. */
async function readAll(scope: Scope, deps: Deps, client: ImapFlow): Promise<void> {
  const faults: unknown[] = [];
  const found = await client.search({ unKeyword: readMark }, { uid: true });
  for (const uid of (found || []).slice(0, mostMessages)) {
    const source = { start: 0, maxLength: mostBytes };
    const message = await client.fetchOne(
      String(uid),
      { source, internalDate: true },
      { uid: true },
    );
    if (!message || !message.source) continue;
    // Kept first: whoever dies in between reads it again, and the same twice is the same.
    const isKept = await readOne(scope, deps, message.source, message.internalDate).catch(
      (error: unknown) => void faults.push(error),
    );
    if (isKept) await moveAway(client, uid);
    else if (isKept === false) {
      await client.messageFlagsAdd(String(uid), [readMark], { uid: true });
    }
  }
  if (faults.length > 0) throw faults[0];
}

/** Whether it was understood, and is ours. */
export async function readOne(
  scope: Scope,
  deps: Deps,
  source: Buffer,
  arrived?: Date | string,
): Promise<boolean> {
  const at = arrived ? new Date(arrived) : scope.now();
  const mail = await parseMail(source);
  // What a stranger wrote may be no mail at all.
  if (!mail) return false;
  const report = reportIn(mail);
  if (report) return readReport(scope, deps, report, { source, at });
  const { answersAddress } = await deps.settings.read<EmailSettings>(scope);
  const answer = answersAddress ? answerIn(mail, source) : undefined;
  return answer !== undefined && keepAnswer(scope, deps, answer, at);
}

async function readReport(
  scope: Scope,
  deps: Deps,
  report: MailReport,
  { source, at }: { source: Buffer; at: Date },
): Promise<boolean> {
  const key = await keyIn(scope, deps.seals, source.toString('latin1'));
  if (report.kind === 'nothing') return key !== undefined;
  if (!key) return false;
  return hear(scope, deps, { ...report, key, at, by: 'mailbox' });
}

async function moveAway(client: ImapFlow, uid: number): Promise<void> {
  if (await client.messageMove(String(uid), doneFolder, { uid: true })) return;
  await client.mailboxCreate(doneFolder);
  await client.messageMove(String(uid), doneFolder, { uid: true });
}
