// What became of a letter, whoever tells it: kept with its recipient, and what follows for the address.
import type { Scope } from 'rostra/plugin';
import type { Verdict } from './bounce-words.ts';
import { channel } from './channel.ts';
import type { Deps } from './deps.ts';

export type Feedback = {
  /** The recipient's. */
  key: string;
  at: Date;
  /** Who tells it. */
  by: 'mailbox' | 'ses' | 'postmark';
} & ({ kind: 'delivered' | 'complained' } | ({ kind: 'bounced'; detail: string } & Verdict));

/** The same twice is the same; of a letter that is not the organization's nothing is kept. Answers whether it was. */
export function hear(scope: Scope, deps: Deps, feedback: Feedback): Promise<boolean> {
  return scope.write(async (own) => {
    const { key, kind, by } = feedback;
    // Whoever tells of the future would count for ever.
    const at = new Date(Math.min(feedback.at.getTime(), own.now().getTime()));
    const isBounce = feedback.kind === 'bounced';
    const reported = await deps.outreach.report(own, {
      ...{ key, kind, at },
      ...(isBounce && { isPermanent: feedback.isPermanent, detail: feedback.detail }),
    });
    if (reported?.channel !== channel) return false;
    const { personId, address, isNew } = reported;
    if (!isNew || personId === null || address === null) return true;
    if (feedback.kind === 'bounced') {
      const { why, isPermanent } = feedback;
      await deps.returns.bounced(own, { personId, address, why, isPermanent, at });
    } else if (feedback.kind === 'complained') {
      const evidence = { told: by, at: at.toISOString() };
      await deps.returns.complained(own, { personId, address, evidence });
    }
    return true;
  });
}
