// Questions to the DNS, each bounded in time; nothing there is an empty answer, no answer throws.
import { Resolver } from 'node:dns/promises';

const mostTexts = 100;
const longestText = 2048;

export interface Lookup {
  txt(name: string): Promise<string[]>;
  addresses(name: string): Promise<string[]>;
  mx(name: string): Promise<string[]>;
  /** Questions that are still open are given up. */
  stop(): void;
}

/** `servers`: as the system has them when none is named. */
export function makeLookup(servers: readonly string[]): Lookup {
  const resolver = new Resolver({ timeout: 1000, tries: 2 });
  if (servers.length > 0) resolver.setServers([...servers]);
  return {
    txt: async (name) => (await orNone(resolver.resolveTxt(name))).slice(0, mostTexts).map(textOf),
    async addresses(name) {
      const both = [resolver.resolve4(name), resolver.resolve6(name)];
      return (await Promise.all(both.map(orNone))).flat();
    },
    mx: async (name) => (await orNone(resolver.resolveMx(name))).map(({ exchange }) => exchange),
    stop: () => resolver.cancel(),
  };
}

/** Written by anybody: the database takes no NUL, and nothing that we read is longer. */
function textOf(strings: string[]): string {
  return strings.join('').replaceAll('\0', '').slice(0, longestText);
}

async function orNone<T>(answer: Promise<T[]>): Promise<T[]> {
  try {
    return await answer;
  } catch (error) {
    const { code = '' } = error as { code?: string };
    if (code === 'ENODATA' || code === 'ENOTFOUND') return [];
    throw error;
  }
}
