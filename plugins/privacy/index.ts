// The public face of privacy: where a plugin puts what a law wants kept of somebody who is being erased.
import { type Scope, token } from 'rostra/plugin';

export interface KeptEntry {
  personId: string;
  /** Id of the plugin whose it is. */
  plugin: string;
  /** Key in its locales: what it is, of nobody in particular. */
  title: string;
  /** The rule of the law (`retention.donation`) or the article that wants it kept. */
  why: string;
  /** ISO date; the day after, it is gone. */
  until: string;
  record: Record<string, unknown>;
}
/**
 * For `subject.erase`, within its transaction: the plugin deletes its row, and what a law wants kept of it lies here,
 * sealed, until its day. Staff open it with a permission and a reason, and both are recorded.
 */
export interface SealedStore {
  keep(scope: Scope, entry: KeptEntry): Promise<void>;
}
export const SealedStore = token<SealedStore>('privacy.SealedStore');
