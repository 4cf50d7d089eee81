// What a person said no to, in words that the journal beside the backups may hold.
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { findHash, insertSuppression } from './suppression.sql.ts';

type Noting = Pick<Deps, 'subjects'>;
type Stopping = Pick<Deps, 'subjects' | 'mail'>;

/** The address stands in the journal as the suppression has it: a keyed hash. */
export async function stop(
  scope: Scope,
  { subjects, mail }: Stopping,
  way: { personId: string; kind: string; address: string; reason: string },
): Promise<void> {
  const { personId, kind, address, reason } = way;
  const hash = await findHash(scope, kind, address);
  await insertSuppression(scope, { personId, kind, hash, reason });
  if (kind === 'email') await mail.takeBack(scope, [address]);
  await subjects.noteNo(scope, personId, words('stop', kind, hash, reason));
}

export function noteWithdrawn(
  scope: Scope,
  { subjects }: Noting,
  said: { personId: string; channel: string; purpose: string; organizationId?: string },
): Promise<void> {
  const to = said.organizationId ?? scope.organization.id;
  return subjects.noteNo(scope, said.personId, words('withdraw', said.channel, said.purpose, to));
}

export function noteLeft(
  scope: Scope,
  { subjects }: Noting,
  personId: string,
  newsletterId: string,
): Promise<void> {
  return subjects.noteNo(scope, personId, words('leave', newsletterId));
}

export function wordsOf(said: string): string[] {
  return said.split(':').map(decodeURIComponent);
}

function words(...all: string[]): string {
  return all.map(encodeURIComponent).join(':');
}
