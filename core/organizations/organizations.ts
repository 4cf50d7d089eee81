// The tree in memory: read at start and whenever its version moves.
import type { Organization } from './organization.ts';

export interface Organizations {
  /** `undefined` until the party is set up. */
  root(): Organization | undefined;
  all(): readonly Organization[];
  find(id: string): Organization | undefined;
  bySlug(slug: string): Organization | undefined;
  /** The organization whose site answers at a host (without port); the root for an unknown one on a party with a single site. */
  byHost(host: string): Organization | undefined;
  /** Ids of it and of all below it. */
  below(id: string): readonly string[];
  /** Whether staff switched the plugin on or off there; `undefined` when nobody did. */
  switchOf(organizationId: string, plugin: string): boolean | undefined;
  reload(): Promise<void>;
}
