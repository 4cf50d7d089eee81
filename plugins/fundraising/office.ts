// Whether somebody may touch the money of a recipient, and who gives and takes such offices.
import { forbidden, notFound, refused, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import {
  accountOf,
  type Duty,
  endOffice,
  findDuty,
  insertOffice,
  lockTreasurers,
} from './office.sql.ts';
import { findNames, findRecipient, type Recipient } from './recipient.sql.ts';

export type Deed = 'read' | 'record' | 'manage';

/** The treasurer and named delegates record and send back, an accountant reads, nobody else does anything. */
const may: Record<Deed, readonly Duty[]> = {
  read: ['treasurer', 'delegate', 'accountant'],
  record: ['treasurer', 'delegate'],
  manage: ['treasurer'],
};

/** The recipient; to who holds no office of it there is none. Jobs, pages and the operator may all. */
export async function demandOffice(
  scope: Scope,
  recipientId: string,
  deed: Deed,
): Promise<Recipient> {
  const recipient = await findRecipient(scope, recipientId);
  if (!recipient) throw notFound('recipient', recipientId);
  if (scope.actor.kind !== 'staff') return recipient;
  const duty = await findDuty(scope, recipient.id);
  if (!duty || !may[deed].includes(duty)) throw forbidden(`fundraising.money.${deed}`);
  if (deed !== 'read') demandOwn(scope, recipient);
  return recipient;
}

/** What the scope's staff may do there, for the screens to show no other button. */
export async function deedsOf(scope: Scope, recipient: Recipient): Promise<Record<Deed, boolean>> {
  const duty = await findDuty(scope, recipient.id);
  const isOwn = recipient.organizationId === scope.organization.id;
  const can = (deed: Deed) =>
    duty !== undefined && may[deed].includes(duty) && (deed === 'read' || isOwn);
  return { read: can('read'), record: can('record'), manage: can('manage') };
}

/** Whose law is asked is the recipient's organization, so its money is worked on from there alone. */
function demandOwn(scope: Scope, recipient: Recipient): void {
  if (recipient.organizationId === scope.organization.id) return;
  throw refused('fundraising.elsewhere', { recipientId: recipient.id });
}

export function giveOffice(
  scope: Scope,
  deps: Deps,
  office: { recipientId: string; accountId: string; duty: Duty },
): Promise<void> {
  return scope.write(async (own) => {
    await demandOffice(own, office.recipientId, 'manage');
    const known = (await deps.staff.list(own)).find(({ id }) => id === office.accountId);
    if (!known) throw notFound('account', office.accountId);
    if (office.duty !== 'treasurer') await keepTreasurer(own, office.recipientId, office.accountId);
    await insertOffice(own, office);
    await note(own, deps, 'given', office.recipientId, { name: known.name, duty: office.duty });
  });
}

export function takeOffice(
  scope: Scope,
  deps: Deps,
  { recipientId, accountId }: { recipientId: string; accountId: string },
): Promise<void> {
  return scope.write(async (own) => {
    await demandOffice(own, recipientId, 'manage');
    await keepTreasurer(own, recipientId, accountId);
    if (!(await endOffice(own, recipientId, accountId))) throw notFound('office', accountId);
    const name = (await deps.staff.list(own)).find(({ id }) => id === accountId)?.name ?? '';
    await note(own, deps, 'ended', recipientId, { name });
  });
}

/** Of a recipient that nobody answers for any more: the last treasurer's account was shut. */
export function takeOver(scope: Scope, deps: Deps, recipientId: string, reason: string) {
  return scope.write(async (own) => {
    const orphan = (await findNames(own)).find(({ id }) => id === recipientId);
    if (!orphan) throw notFound('recipient', recipientId);
    if ((await lockTreasurers(own, recipientId)).length > 0) {
      throw refused('fundraising.has-treasurer', { recipientId });
    }
    await insertOffice(own, { recipientId, accountId: accountOf(own), duty: 'treasurer' });
    await note(own, deps, 'taken-over', recipientId, { reason });
  });
}

async function keepTreasurer(scope: Scope, recipientId: string, leaving: string): Promise<void> {
  const others = (await lockTreasurers(scope, recipientId)).filter((id) => id !== leaving);
  if (others.length === 0) throw refused('fundraising.last-treasurer', { recipientId });
}

async function note(
  scope: Scope,
  deps: Deps,
  verb: string,
  recipientId: string,
  details: Record<string, unknown>,
): Promise<void> {
  const subject = { type: 'recipient', id: recipientId };
  await deps.audit.record(scope, { act: `office.${verb}`, subject, details });
}
