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
  /** What it is of, in the plugin's own word and of nobody in particular, to be found by again. */
  about?: string;
}
/**
 * For `subject.erase`, within its transaction: the plugin deletes its row, and what a law wants kept of it lies here,
 * sealed, until its day. Staff open it with a permission and a reason, and both are recorded. A duty to file a list with
 * names outlives the erasure: for that alone the plugin reads its own again.
 */
export interface SealedStore {
  keep(scope: Scope, entry: KeptEntry): Promise<void>;
  /**
   * The plugin's own records, for a paper that a law wants with every name. Before anything is answered, who reads it and for
   * what (`reason`) is in the record of acts; whether they may is the plugin's to look.
   */
  read(
    scope: Scope,
    asked: { plugin: string; about: readonly string[]; reason: string },
  ): Promise<{ about: string; record: Record<string, unknown> }[]>;
}
export const SealedStore = token<SealedStore>('privacy.SealedStore');
