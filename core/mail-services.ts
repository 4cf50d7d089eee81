// What the outbox asks of plugins before a message leaves: only they know whom it goes to.
import { extensionPoint } from './container.ts';
import type { Scope } from './scope.ts';

/**
 * What a message is that nobody asked for by an act of their own. `confirmation`: it asks somebody whom a list brought
 * whether they agreed.
 */
export type MailPurpose = 'newsletter' | 'campaign' | 'targeting' | 'confirmation';

/** A message that is about to leave, of the scope's organization. */
export interface MailLeaving {
  to: string;
  /** One of many alike. */
  bulk: boolean;
  personId?: string;
  purpose?: MailPurpose;
  /** Which of its kind; left out, any of them. */
  topic?: string;
}

/** Plugins that know who may not be written to bind this. */
export interface MailRefusals {
  /**
   * Asked of each batch just before it is handed over, except of what goes out despite a no. Answers in the same order
   * why a message may not go, in the words of the scope's locale; `undefined` where nothing stands against it.
   */
  refusalsOf(scope: Scope, messages: readonly MailLeaving[]): Promise<(string | undefined)[]>;
}
export const MailRefusals = extensionPoint<MailRefusals>('core.MailRefusals');
