// The assembled core: what `server.ts` builds at start and hands to its own parts.
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Database } from './database/connect.ts';
import type { Packs } from './law/pack.ts';
import type { Locales } from './locale.ts';
import type { Log } from './log.ts';
import type { Organizations } from './organizations/organizations.ts';
import type { Registry } from './registry.ts';
import type { Scopes } from './scopes.ts';
import type { Themes } from './theme/themes.ts';
import type { Versions } from './versions.ts';

export interface Core {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly database: Database;
  readonly versions: Versions;
  readonly packs: Packs;
  readonly organizations: Organizations;
  readonly locales: Locales;
  readonly themes: Themes;
  readonly registry: Registry;
  readonly scopes: Scopes;
}
