// The mailbox for returned mail, read every few minutes by IMAP. What is understood is kept, then moved; the rest stays.
import type { ImapFlow } from 'imapflow';
import { isPublicHost, type Scope } from 'rostra/plugin';
import { keyIn } from './bounce-address.ts';
import { mostBytes, readReport } from './bounce-report.ts';
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
  sesTopics?: string;
  postmarkSecret?: string;
}

export async function readMailbox(scope: Scope, deps: Deps): Promise<void> {
  const { returnServer } = await deps.settings.read<EmailSettings>(scope);
  // What is inherited is read once, where it was set; who reads it there sees the letters of all below.
  if (!returnServer || !(await deps.settings.isOwn(scope, 'returnServer'))) return;
  const { client, folder } = await openMailbox(scope, returnServer);
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

async function readAll(scope: Scope, deps: Deps, client: ImapFlow): Promise<void> {
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
    if (await readOne(scope, deps, message.source, message.internalDate)) {
      await moveAway(client, uid);
    } else {
      await client.messageFlagsAdd(String(uid), [readMark], { uid: true });
    }
  }
}

/** Whether it was understood, and is ours. */
export async function readOne(
  scope: Scope,
  deps: Deps,
  source: Buffer,
  arrived?: Date | string,
): Promise<boolean> {
  // What a stranger wrote may be no mail at all.
  const { report } = await readReport(source).catch(() => ({ report: undefined }));
  if (!report) return false;
  const key = await keyIn(scope, deps.seals, source.toString('latin1'));
  if (report.kind === 'nothing') return key !== undefined;
  if (!key) return false;
  const at = arrived ? new Date(arrived) : scope.now();
  return hear(scope, deps, { ...report, key, at, by: 'mailbox' });
}

async function moveAway(client: ImapFlow, uid: number): Promise<void> {
  if (await client.messageMove(String(uid), doneFolder, { uid: true })) return;
  await client.mailboxCreate(doneFolder);
  await client.messageMove(String(uid), doneFolder, { uid: true });
}
