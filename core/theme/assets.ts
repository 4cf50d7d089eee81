// Files that pages ask for: named with a digest of their whole set, so that they may be kept for ever.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

const { resolve } = createRequire(import.meta.url);

export interface Asset {
  /** For Content-Type. */
  type: string;
  body: Buffer;
  /** Left out where it would save nothing. */
  br?: Buffer;
  gzip?: Buffer;
  etag: string;
  /** The address carries the digest of what lies there now. */
  immutable: boolean;
}

/** Files under one digest: those of a folder, and single ones that lie elsewhere. */
export interface AssetSet {
  folder: string;
  extra?: Record<string, string>;
}

export interface FoundFile {
  file: string;
  type: string;
  immutable: boolean;
}

export interface Assets {
  /** `/assets/<set>/<digest>/<path>`; `undefined` when the set has no such file. */
  address(set: string, file: string): string | undefined;
  find(address: string): FoundFile | undefined;
  /** The file read and packed, once. */
  read(found: FoundFile): Promise<Asset>;
  forget(): void;
}

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.gif': 'image/gif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

const prefix = '/assets/';

/** `sets` finds a set by name: `core`, a theme's id, `@<plugin>`. `watch`: digests follow the files. */
export function makeAssets(sets: (name: string) => AssetSet | undefined, watch: boolean): Assets {
  const packed = new Map<string, Promise<Asset>>();
  const digests = new Map<string, { changed: number; digest: string }>();

  function digestOf(name: string, set: AssetSet): string {
    const held = digests.get(name);
    if (held && !watch) return held.digest;
    const files = filesOf(set);
    const changed = Math.max(0, ...files.map(([, file]) => statSync(file).mtimeMs));
    if (held?.changed === changed) return held.digest;
    const hash = createHash('sha256');
    for (const [name, file] of files) hash.update(name).update('\0').update(readFileSync(file));
    const digest = hash.digest('hex').slice(0, 12);
    digests.set(name, { changed, digest });
    return digest;
  }

  return {
    forget() {
      digests.clear();
      packed.clear();
    },
    read(found) {
      const key = `${found.file} ${statSync(found.file).mtimeMs} ${found.immutable}`;
      const ready = packed.get(key) ?? pack(readFileSync(found.file), found);
      packed.set(key, ready);
      return ready;
    },
    address(name, wanted) {
      const set = sets(name);
      if (!set || !fileOf(set, wanted)) return undefined;
      return `${prefix}${name}/${digestOf(name, set)}/${wanted}`;
    },
    find(address) {
      const [name = '', digest, ...rest] = address.slice(prefix.length).split('/');
      const set = address.startsWith(prefix) ? sets(name) : undefined;
      const wanted = decode(rest.join('/'));
      const file = set && wanted && fileOf(set, wanted);
      const type = file && types[path.extname(file).toLowerCase()];
      if (!type) return undefined;
      return { file, type, immutable: digest === digestOf(name, set) };
    },
  };
}

/** Text is packed as tightly as it goes: it is done once and sent a thousand times. */
export async function pack(
  body: Buffer,
  { type, immutable }: { type: string; immutable: boolean },
): Promise<Asset> {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 20)}"`;
  const plain: Asset = { type, body, etag, immutable };
  if (!/^text|json|svg/.test(type) || body.length < 512) return plain;
  const [br, gz] = await Promise.all([promisify(brotliCompress)(body), promisify(gzip)(body)]);
  return { ...plain, br, gzip: gz };
}

/** htmx and the admin's letters come from their npm packages. */
export function coreAssets(core: string): AssetSet {
  return {
    folder: path.join(core, 'admin/assets'),
    extra: { 'htmx.js': resolve('htmx.org/dist/htmx.min.js'), ...letters('wght') },
  };
}

/** From their npm package: those of the admin, and `opsz` of the theme that every install has. */
export function letters(axis: 'wght' | 'opsz'): Record<string, string> {
  const inter = '@fontsource-variable/inter/files/inter';
  return {
    'fonts/inter-latin.woff2': resolve(`${inter}-latin-${axis}-normal.woff2`),
    'fonts/inter-latin-ext.woff2': resolve(`${inter}-latin-ext-${axis}-normal.woff2`),
  };
}

/** The file, if it truly lies in the set's folder: no `..`, no dot file, no link that leads out. */
function fileOf(set: AssetSet, wanted: string): string | undefined {
  const extra = set.extra && Object.hasOwn(set.extra, wanted) ? set.extra[wanted] : undefined;
  if (extra) return extra;
  if (!/^[\w@-][\w.@-]*(\/[\w@-][\w.@-]*)*$/.test(wanted)) return undefined;
  const file = path.join(set.folder, wanted);
  if (!existsSync(file) || !statSync(file).isFile()) return undefined;
  const real = realpathSync(file);
  return real.startsWith(realpathSync(set.folder) + path.sep) ? real : undefined;
}

function filesOf(set: AssetSet): [string, string][] {
  const extra = Object.entries(set.extra ?? {});
  if (!existsSync(set.folder)) return extra;
  const names = readdirSync(set.folder, { recursive: true, encoding: 'utf8' }).sort();
  const own = names.map((name): [string, string] => [name, path.join(set.folder, name)]);
  return [...own.filter(([, file]) => statSync(file).isFile()), ...extra];
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
