// Each minute: sessions are held open, and what was left undone is done.
import type { Job, Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { findOwnAccount, noteAway } from './gateway-account.sql.ts';
import { connect } from './gateway-account.ts';
import { forgetReceipts } from './message.sql.ts';
import { actOnRest, handle, settleReceipts } from './news.ts';

/** Milliseconds after which no message will turn up any more for a receipt. */
const receiptsFor = 7 * 24 * 60 * 60_000;

export const gatewayJobs = (deps: Deps): Job[] => [
  { name: 'listen', cron: '* * * * *', maxAttempts: 1, run: (scope) => listen(scope, deps) },
  { name: 'catch-up', cron: '* * * * *', run: (scope) => catchUp(scope, deps) },
];

/** What is opened here stays open for two minutes more, so that receipts and answers come in while nothing is sent. */
export async function listen(scope: Scope, deps: Deps): Promise<void> {
  const row = await findOwnAccount(scope);
  if (!row) return;
  const { service, info, account } = await connect(scope, deps, row);
  if (info.news !== 'session') return;
  const opened = service.open(scope, account, (news) => handle(scope, deps, row, news));
  const line = await opened.catch(() => undefined);
  line?.close();
  await scope.write((own) => noteAway(own, row.id, !line));
}

/** After a crash between two commits, and for chapters that are called at the party's address. */
export async function catchUp(scope: Scope, deps: Deps): Promise<void> {
  const row = await findOwnAccount(scope);
  if (row) await settleReceipts(scope, deps, row.id);
  await actOnRest(scope, deps);
  const before = new Date(scope.now().getTime() - receiptsFor);
  await scope.write((own) => forgetReceipts(own, before));
}
