// A text to those who have a tag: what its sender declares, and the record of it (Reg. (EU) 2024/900, art. 18-19).
import type { ReachAct } from 'rostra/people';
import { invalid, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { insertSelection } from './selection.sql.ts';
import { freezeSend, type SendRow } from './send.sql.ts';

/** Where on the site whoever got it reads by what they were chosen. */
export const transparencyPath = (mark: string): string => `/transparency/${mark}`;

/** From now on nobody joins it, and the record says whom it went to. Answers whether it was still to begin. */
export async function begin(
  scope: Scope,
  deps: Deps,
  send: SendRow,
  { channel, tagId }: ReachAct,
): Promise<boolean> {
  if (!(await freezeSend(scope, send.id))) return false;
  if (tagId) await note(scope, deps, send, { channel, tagId });
  return true;
}

async function note(
  scope: Scope,
  deps: Deps,
  { id: sendId, declared }: SendRow,
  { channel, tagId }: { channel: string; tagId: string },
): Promise<void> {
  const tag = (await deps.tags.find(scope, tagId))?.name ?? tagId;
  const keep = scope.law.rule('retention.targeting_record').value;
  const words = { tag, organization: scope.organization.name };
  const criteria = scope.t(`outreach.selection.by.${channel}`, words, scope.organization.locale);
  const elections = await electionsNear(scope, deps);
  const record = { sendId, tag, criteria, declared, elections, ...(keep && { keep }) };
  await insertSelection(scope, record);
}

/** Where nobody tells of elections, none is named. */
async function electionsNear(scope: Scope, { silence }: Deps): Promise<string[]> {
  const windows = await silence.windows(scope).catch(() => []);
  const ahead = windows.filter(({ until }) => until > scope.now());
  return [...new Set(ahead.map(({ round }) => round.name))];
}

/** Where it is written that a record is kept; empty where no law asks for it. */
export function recordSources({ law }: Scope): string[] {
  const { value, reasons } = law.rule('targeting.record');
  return value ? [...new Set(reasons.map(({ source }) => source))] : [];
}

/** What the law has told of an advertisement behind its link, and the party has not said yet. */
export async function lacksFunding(scope: Scope, { settings }: Deps): Promise<boolean> {
  const asked = scope.law.rule('notices.ad.transparency').value ?? [];
  if (!asked.some((word) => ['amounts', 'origin_of_funds'].includes(word))) return false;
  return (await fundingOf(scope, settings)) === '';
}

export async function fundingOf(scope: Scope, settings: Deps['settings']): Promise<string> {
  const { funding = '' } = await settings.read<{ funding?: string }>(scope);
  return funding.trim();
}

/** What holds by the sender's word alone has to be said by whoever releases it. */
export function demandDeclared(needed: readonly string[], declared: readonly string[]): string[] {
  if (needed.some((condition) => !declared.includes(condition)))
    throw invalid([{ path: '/declared', message: 'outreach.fault.declared' }]);
  return [...needed];
}
