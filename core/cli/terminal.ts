// What commands print, and the house that they are given for as long as they run.
import { assemble, type House } from '../assemble.ts';
import { type Config, readConfig } from '../config.ts';
import { StartError } from '../database/start-error.ts';
import { makeLog } from '../log.ts';
import type { Terminal } from '../plugin.ts';
import type { Scope } from '../scope.ts';

export function say(line: string, out: NodeJS.WritableStream = process.stdout): void {
  out.write(`${line}\n`);
}

export const terminal: Terminal = {
  print: say,
  progress(line) {
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
  },
};

/** As a command has it: its log holds errors alone. */
export function quietConfig(): Config {
  return readConfig({ ROSTRA_LOG: 'error', ...process.env });
}

/** The core without web and worker, beside a running server if there is one. */
export async function withHouse<T>(run: (house: House) => Promise<T>): Promise<T> {
  const config = quietConfig();
  const house = await assemble(config, { log: makeLog(config.logLevel), owner: false });
  try {
    await house.loadPlugins();
    return await run(house);
  } finally {
    await house.end();
  }
}

/** The operator's scope on the organization of that slug, the root if left out. */
export function operator(house: House, slug?: string): Scope {
  const { organizations } = house;
  const organization = slug ? organizations.bySlug(slug) : organizations.root();
  if (!organization) {
    throw new StartError(
      slug ? `There is no organization "${slug}".` : 'No party is set up yet: run `rostra setup`.',
    );
  }
  const locale = house.locales.choose(process.env.LANG?.replace('_', '-'), organization.locale);
  const actor = { kind: 'system', name: 'operator' } as const;
  return house.scopes.make({ organizationId: organization.id, actor, locale });
}

/** Columns as wide as their widest cell. */
export function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
