// Recipients: founded by a treasurer, changed, and closed for good with totals and digest.
import { invalid, refused, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { demandElection, demandFounding, demandRegion } from './founding.ts';
import { lockLedger, sumBalances } from './ledger.sql.ts';
import { genesisOf, seal } from './ledger.ts';
import { accountOf, insertOffice } from './office.sql.ts';
import { demandOffice } from './office.ts';
import {
  type Closing,
  closeRecipient as close,
  findOpenEnds,
  insertRecipient,
  lockRecipient,
  type RecipientValues,
  updateRecipient,
} from './recipient.sql.ts';

/** Who founds it is its first treasurer. */
export function foundRecipient(scope: Scope, deps: Deps, values: RecipientValues): Promise<string> {
  return scope.write(async (own) => {
    demandFounding(own, values);
    demandCollector(own, values);
    demandAccount(values);
    const id = await insertRecipient(own, values);
    await insertOffice(own, { recipientId: id, accountId: accountOf(own), duty: 'treasurer' });
    await note(own, deps, 'founded', id);
    return id;
  });
}

export function changeRecipient(
  scope: Scope,
  deps: Deps,
  id: string,
  values: RecipientValues,
): Promise<void> {
  return scope.write(async (own) => {
    const before = await demandOffice(own, id, 'manage');
    demandOpen(before.closedAt, id);
    const { kind, currency, isTest } = before;
    await demandElection(own, before, values);
    await demandRegion(own, before, values);
    demandCollector(own, { ...values, kind });
    demandAccount(values);
    await updateRecipient(own, id, { ...values, kind, currency, isTest });
    await note(own, deps, 'changed', id);
    await deps.cache.drop(own);
  });
}

/** Nothing is entered after that. What waits must be settled first: nobody could settle it later. */
export function closeRecipient(scope: Scope, deps: Deps, id: string): Promise<Closing> {
  return scope.write(async (own) => {
    const { closedAt } = await demandOffice(own, id, 'manage');
    demandOpen(closedAt, id);
    await lockRecipient(own, id);
    const ends = await findOpenEnds(own, id);
    if (ends.length > 0) {
      const what = ends.map((word) => own.t(`fundraising.closing.open.${word}`)).join(', ');
      throw refused('fundraising.still-waiting', { recipientId: id, what });
    }
    await seal(own, id);
    const last = await lockLedger(own, id);
    const closing: Closing = {
      balances: await sumBalances(own, id),
      entries: last?.position ?? 0,
      digest: (last?.hash ?? genesisOf(id)).toString('hex'),
      author: own.actor.kind === 'staff' ? own.actor.name : own.actor.kind,
    };
    if (!(await close(own, id, closing))) throw refused('fundraising.closed', { recipientId: id });
    await note(own, deps, 'closed', id);
    await deps.cache.drop(own);
    return closing;
  });
}

export function demandOpen(closedAt: Date | undefined, recipientId: string): void {
  if (closedAt) throw refused('fundraising.closed', { recipientId });
}

/** The law may let only some collect: a candidate never does it alone. */
function demandCollector(scope: Scope, { collector, agent }: RecipientValues): void {
  const { value } = scope.law.rule('money.collector');
  if (!value || value.length === 0) return;
  if (collector === undefined || !value.includes(collector)) {
    throw invalid([{ path: '/collector', message: 'fundraising.fault.collector' }]);
  }
  if (!agent) throw invalid([{ path: '/agent', message: 'fundraising.fault.agent' }]);
}

/** Some countries have account numbers of another kind, so only what looks like an IBAN is held to its check digits. */
function demandAccount({ bankAccount = '' }: RecipientValues): void {
  if (!/^[a-z]{2}\d{2}/i.test(bankAccount) || isIban(bankAccount)) return;
  throw invalid([{ path: '/bankAccount', message: 'fundraising.fault.iban' }]);
}

/** ISO 13616: the first four characters put last and letters written as 10 to 35, the rest of a division by 97 is 1. */
function isIban(account: string): boolean {
  if (!/^[a-z]{2}\d{2}[a-z\d]{11,30}$/i.test(account)) return false;
  const digits = [...account.slice(4), ...account.slice(0, 4)].map((one) => parseInt(one, 36));
  return BigInt(digits.join('')) % 97n === 1n;
}

async function note(scope: Scope, deps: Deps, verb: string, id: string): Promise<void> {
  await deps.audit.record(scope, { act: `recipient.${verb}`, subject: { type: 'recipient', id } });
}
