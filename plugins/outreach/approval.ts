// Above a size somebody else than who wrote the text releases it: asked for, looked at, released or sent back.
import { invalid, refused, type Scope } from 'rostra/plugin';
import { askForApproval, sendBack } from './approval.sql.ts';
import { channelOf } from './channel.ts';
import type { Deps } from './deps.ts';
import type { SendRow } from './send.sql.ts';

export interface OutreachSettings {
  /** From so many recipients on somebody else has to release it; 0: never. */
  secondFrom: number;
  /** So many messages to one person in `messagesDays`; 0: as many as there are. */
  messagesMost: number;
  messagesDays: number;
}

/** Why the actor may not release it alone; `undefined`: they may. */
export interface Bar {
  from: number;
}

export async function barOf(
  scope: Scope,
  { settings }: Deps,
  { writerId }: SendRow,
  recipients: number,
): Promise<Bar | undefined> {
  const { secondFrom } = await settings.read<OutreachSettings>(scope);
  const isLarge = secondFrom > 0 && recipients >= secondFrom;
  return isLarge && isWriter(scope, writerId) ? { from: secondFrom } : undefined;
}

/** By the account: two may have one name. The operator's own commands are nobody's text. */
export function isWriter({ actor }: Scope, writerId: string | null): boolean {
  return actor.kind === 'staff' && actor.accountId === writerId;
}

/** `start`: when it is to leave; left out, as soon as it is released. */
export async function ask(
  scope: Scope,
  deps: Deps,
  send: SendRow,
  { version, start }: { version: number; start?: Date | undefined },
): Promise<void> {
  const { service } = await channelOf(scope, deps, send.channel);
  const faults = await service.check(scope, send);
  if (faults.length > 0) throw invalid(faults);
  await scope.write(async (own) => {
    const asked = { version, by: nameOf(own), start: start ?? null };
    if (!(await askForApproval(own, send.id, asked)))
      throw refused('outreach.changed-meanwhile', {});
    await deps.audit.record(own, { act: 'send.asked', subject: { type: 'send', id: send.id } });
  });
}

export async function giveBackText(
  scope: Scope,
  deps: Deps,
  { id }: SendRow,
  { version, note }: { version: number; note: string },
): Promise<void> {
  await scope.write(async (own) => {
    const back = { version, by: nameOf(own), note };
    if (!(await sendBack(own, id, back))) throw refused('outreach.changed-meanwhile', {});
    const subject = { type: 'send', id };
    await deps.audit.record(own, { act: 'send.sent-back', subject, details: { note } });
  });
}

export const nameOf = ({ actor }: Scope): string => ('name' in actor ? actor.name : actor.kind);
