// ctx.form and ctx.filters: what came in, checked by its schema, faults in the reader's language.
import type { Static, TSchema } from 'typebox';
import type { Core } from '../core.ts';
import { type Fault, invalid } from '../errors.ts';
import type { Scope } from '../scope.ts';
import { makeValidator } from '../validate.ts';
import { type Body, collect, readBody, readBytes } from './body.ts';
import type { Form, FormOptions, RouteContext } from './context.ts';
import { removeFiles, uploadFolder } from './upload.ts';
import type { HttpContext } from './visit.ts';

const usualFile = 20 * 1024 * 1024;
const usualRaw = 1024 * 1024;

export function makeForms(
  core: Core,
  ctx: HttpContext,
): Pick<RouteContext, 'form' | 'filters' | 'raw'> {
  const folder = uploadFolder(core.config.data);
  return {
    async form(schema, options: FormOptions = {}) {
      const bounds = { folder, maxFileBytes: options.maxFileBytes ?? usualFile };
      const body = await paused(ctx, () => readBody(ctx.req, bounds));
      if (body.files.length > 0) ctx.res.once('close', () => void removeFiles(body.files));
      return check(ctx, schema, body);
    },
    raw: (maxBytes = usualRaw) => paused(ctx, () => readBytes(ctx.req, maxBytes)),
    filters: (schema) => filter(schema, collect(new URLSearchParams(ctx.querystring))),
  };
}

/** How long the reader takes to send is not the handler's time. */
async function paused<T>(ctx: HttpContext, read: () => Promise<T>): Promise<T> {
  const { bound } = ctx.visit;
  bound?.pause();
  try {
    return await read();
  } finally {
    bound?.resume();
  }
}

function check<S extends TSchema>(ctx: HttpContext, schema: S, body: Body): Form<Static<S>> {
  const { values, files, isJson } = body;
  const input = isJson ? values : fitted(schema, values);
  const checked = makeValidator(schema, { form: !isJson })(input);
  const faults = [...body.faults, ...(checked.ok ? [] : checked.faults)];
  if (checked.ok && faults.length === 0) {
    return { ok: true, value: checked.value, values, files, faults: {} };
  }
  if (ctx.visit.surface === 'api') throw invalid(faults);
  ctx.visit.formStatus = body.faults.length > 0 ? 413 : 422;
  return { ok: false, values, files, faults: inWords(ctx.scope, faults) };
}

/** By field, `/address/city` as `address.city`; of several the first. */
function inWords(scope: Scope, faults: readonly Fault[]): Record<string, string> {
  const words = new Map<string, string>();
  for (const { path: pointer, message, params } of faults) {
    const field = pointer.replace(/^\//, '').replaceAll('/', '.');
    if (!words.has(field)) words.set(field, scope.t(message, params));
  }
  return Object.fromEntries(words);
}

/** What fits counts; the rest falls back to the schema's defaults. */
function filter<S extends TSchema>(schema: S, values: Record<string, unknown>): Static<S> {
  const validate = makeValidator(schema, { form: true });
  const first = validate(fitted(schema, values, true));
  if (first.ok) return first.value;
  const wrong = new Set(first.faults.map((fault) => fault.path.split('/')[1]));
  const kept = Object.entries(values).filter(([name]) => !wrong.has(name));
  const second = validate(fitted(schema, Object.fromEntries(kept), true));
  if (second.ok) return second.value;
  throw new Error('the schema of a filter must fit an empty query: give each field a default');
}

/**
 * A browser does not send a box that is not ticked, nor a list with one entry as a list. What a query
 * leaves out is left to the schema's default.
 */
function fitted(
  schema: TSchema,
  values: Record<string, unknown>,
  isQuery = false,
): Record<string, unknown> {
  const entries = new Map(Object.entries(values));
  for (const [name, kind] of Object.entries(kindsOf(schema))) {
    const value = entries.get(name);
    if (value === undefined && isQuery) continue;
    if (kind === 'boolean') entries.set(name, isTicked(value));
    if (kind === 'array') entries.set(name, asList(value));
  }
  return Object.fromEntries(entries);
}

function kindsOf(schema: TSchema): Record<string, unknown> {
  const properties = 'properties' in schema ? schema.properties : undefined;
  if (typeof properties !== 'object' || properties === null) return {};
  const kinds = Object.entries(properties).map(([name, inner]) => [name, inner?.type]);
  return Object.fromEntries(kinds);
}

/** The last one counts: a hidden `false` may stand before the box. */
function isTicked(value: unknown): boolean {
  const last = Array.isArray(value) ? value.at(-1) : value;
  return last !== undefined && !['', '0', 'false', 'off', 'no'].includes(String(last));
}

function asList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.filter((entry) => entry !== '');
  return value === undefined || value === '' ? [] : [value];
}
