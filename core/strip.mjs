// Blanks the types of `.ts` files: lines and columns stay what the editor shows.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';

const require = createRequire(import.meta.url);
const { version } = require('@swc/wasm-typescript/package.json');
// Beside the packages: whoever may write there may change them too. Gone with the next `npm ci`.
export const cache = fileURLToPath(new URL('../node_modules/.cache/rostra/', import.meta.url));

/** A relative `.ts` needs no search, which spares a start a hundred milliseconds. */
export function resolve(specifier, context, nextResolve) {
  const isPlain = /^\.\.?\/.*\.ts$/.test(specifier) && context.parentURL?.endsWith('.ts');
  if (!isPlain) return nextResolve(specifier, context);
  const { href } = new URL(specifier, context.parentURL);
  return { url: href, format: 'module', shortCircuit: true };
}

export function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !new URL(url).pathname.endsWith('.ts')) {
    return nextLoad(url, context);
  }
  const file = fileURLToPath(url);
  const place = placeOf(file);
  return {
    format: 'module',
    source: kept(place) ?? keep(place, strip(readFileSync(file, 'utf8'), file)),
    shortCircuit: true,
  };
}

function strip(source, filename) {
  // A tenth of a second to load, so only where something is new; three more to optimise what runs once a file.
  v8.setFlagsFromString('--wasm-tiering-budget=2000000000');
  const { transformSync } = require('@swc/wasm-typescript');
  try {
    return transformSync(source, { mode: 'strip-only', filename }).code;
  } catch (fault) {
    throw new SyntaxError(`${filename}: ${fault.message ?? fault}`);
  }
}

/** By when it was changed, not by what it holds: a start asks this of hundreds of files. */
function placeOf(file) {
  const { mtimeMs, size } = statSync(file);
  const key = `${version} ${file} ${mtimeMs} ${size}`;
  return `${cache}${createHash('sha256').update(key).digest('hex')}.mjs`;
}

function kept(place) {
  try {
    return readFileSync(place);
  } catch {
    return undefined;
  }
}

/** Where nothing may be written it is done again at each start. */
function keep(place, code) {
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(`${place}.${process.pid}`, code);
    renameSync(`${place}.${process.pid}`, place);
  } catch {}
  return code;
}
