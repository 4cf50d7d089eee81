// What the admin's own pages are given by the assembled core.
import type { Core } from '../core.ts';
import type { SigningParts } from '../law/signatures.ts';
import type { SilenceKeeper } from '../law/silence.ts';
import type { OrganizationVerbs } from '../organizations/organizations.ts';
import type { Scope } from '../scope.ts';

export interface AdminDeps
  extends Pick<Core, 'config' | 'registry' | 'organizations' | 'packs' | 'locales' | 'scopes'>,
    SigningParts {
  readonly verbs: OrganizationVerbs;
  readonly silence: Pick<SilenceKeeper, 'gap'>;
  /** Migrates and loads what became lawful since. */
  loadPlugins(): Promise<void>;
  /** Whether mail leaves, by the environment's server or by the settings'. */
  mailIsSet(scope: Scope): Promise<boolean>;
}
