// A party's house within the bench's own process, listening too, on a database of its own.
import type { AssembleOptions, House } from '../core/assemble.ts';
import { operator } from '../core/cli/terminal.ts';
import { readConfig } from '../core/config.ts';
import { makeLog } from '../core/log.ts';
import { partyOf } from '../core/registry.ts';
import type { Scope } from '../core/scope.ts';
import { startServer as listen } from '../core/server.ts';
import { makeData, party } from './server.ts';

export interface BenchHouse {
  house: House;
  url: string;
  scope(): Scope;
  get(plugin: string): ReturnType<House['getFor']>;
}

/** Without it nobody may ask for anything on the site. */
const legal = {
  controller: 'Parti de la mesure',
  address: '1 rue de la République, 69001 Lyon',
  contact: 'donnees@parti.example',
  publicationDirector: 'Camille Exemple',
  host: 'Hébergeur, 2 quai du Port',
};

/** Ended and removed when `use` is done, whatever becomes of it. `more` of the environment, e.g. another role. */
export async function withParty<T>(
  use: (bench: BenchHouse) => Promise<T>,
  more: NodeJS.ProcessEnv = {},
  options: Pick<AssembleOptions, 'clock' | 'allowPrivate'> = {},
): Promise<T> {
  const data = await makeData();
  try {
    const own = { ROSTRA_DATA: data.folder, ROSTRA_ROLE: 'web', ...more };
    const config = readConfig({ ...party, ...own });
    const server = await listen(config, { ...options, log: makeLog(config.logLevel), owner: true });
    const { house } = server;
    try {
      const { id } = operator(house).organization;
      await house.verbs.updateOrganization(operator(house), id, { legal });
      return await use({
        ...{ house, url: server.url, scope: () => operator(house) },
        get(plugin) {
          const found = house.registry.find(plugin);
          if (!found) throw new Error(`There is no plugin "${plugin}".`);
          return house.getFor(partyOf(found.manifest));
        },
      });
    } finally {
      await server.stop();
    }
  } finally {
    await data.remove();
  }
}
