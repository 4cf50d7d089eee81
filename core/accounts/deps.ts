// What the accounts are given by the assembled core.
import type { Core } from '../core.ts';
import type { Scope } from '../scope.ts';
import type { Audit, MailMessage } from '../services.ts';

/** Queues one mail in the caller's transaction; `view` is `accounts/<name>`. */
export type SendMail = (scope: Scope, message: MailMessage) => Promise<string>;

export interface AccountDeps
  extends Pick<
    Core,
    'config' | 'clock' | 'database' | 'registry' | 'organizations' | 'scopes' | 'locales' | 'log'
  > {
  mail: SendMail;
  audit: Audit;
}
