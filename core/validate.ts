// Checks input by its schema and says what is wrong in keys of the locales.
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { Static, TSchema } from 'typebox';
import type { Fault } from './errors.ts';

export type Checked<T> = { ok: true; value: T } | { ok: false; faults: Fault[] };
export type Validator<T> = (input: unknown) => Checked<T>;
export interface ValidatorOptions {
  /** A form brings text: turned into numbers and booleans, trimmed, empty fields and unknown ones left out. */
  form?: boolean;
}

/** Words of our own that a schema may hold: they say how a field is shown, never what fits. */
const ownWords = ['x-secret', 'x-label', 'x-hint', 'x-group', 'x-multiline'];
const options = { strict: true, strictTypes: false, allErrors: true, useDefaults: true } as const;
const strictAjv = makeAjv(new Ajv({ ...options, strictRequired: false }));
const formAjv = makeAjv(new Ajv({ ...options, coerceTypes: 'array', removeAdditional: true }));
const made = new WeakMap<object, { strict?: ValidateFunction; form?: ValidateFunction }>();

/** Compiled once a schema, at its first use. The input itself is never changed. */
export function makeValidator<S extends TSchema>(
  schema: S,
  { form = false }: ValidatorOptions = {},
): Validator<Static<S>> {
  return (input) => {
    const check = compile(schema, form);
    const value = form ? formInput(schema, input) : structuredClone(input);
    if (check(value)) return { ok: true, value: value as Static<S> };
    return { ok: false, faults: faultsOf(check.errors ?? []) };
  };
}

function makeAjv(ajv: Ajv): Ajv {
  // The package is CommonJS: its function stands both for the module and for `default`.
  const add = (formats as unknown as { default?: typeof formats.default }).default ?? formats;
  (add as typeof formats.default)(ajv);
  return ajv.addVocabulary(ownWords);
}

function compile(schema: object, form: boolean): ValidateFunction {
  const known = made.get(schema) ?? {};
  made.set(schema, known);
  const kind = form ? 'form' : 'strict';
  known[kind] ??= (form ? formAjv : strictAjv).compile(schema);
  return known[kind];
}

function formInput(schema: object, input: unknown): unknown {
  const { properties } = schema as { properties?: Record<string, unknown> };
  if (!isRecord(input) || !properties) return structuredClone(input);
  const entries = Object.entries(input)
    .filter(([key]) => Object.hasOwn(properties, key))
    .map(([key, value]) => [key, typeof value === 'string' ? value.trim() : value] as const)
    .filter(([, value]) => value !== '' && value !== undefined);
  return structuredClone(Object.fromEntries(entries));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One fault a field: the first is the one that a reader can do something about. */
function faultsOf(errors: ErrorObject[]): Fault[] {
  const byPath = new Map<string, Fault>();
  for (const error of errors) {
    const fault = faultOf(error);
    if (!byPath.has(fault.path)) byPath.set(fault.path, fault);
  }
  return [...byPath.values()];
}

function faultOf({ keyword, instancePath, params }: ErrorObject): Fault {
  const at = (message: string, more?: Record<string, unknown>, path = instancePath): Fault => ({
    path,
    message: `validate.${message}`,
    ...(more && { params: more }),
  });
  switch (keyword) {
    case 'required':
      return at('required', undefined, `${instancePath}/${params.missingProperty}`);
    case 'additionalProperties':
      return at('unknown', undefined, `${instancePath}/${params.additionalProperty}`);
    case 'minLength':
      return params.limit === 1 ? at('required') : at('too-short', { min: params.limit });
    case 'maxLength':
      return at('too-long', { max: params.limit });
    case 'minimum':
    case 'exclusiveMinimum':
      return at('too-small', { min: params.limit });
    case 'maximum':
    case 'exclusiveMaximum':
      return at('too-large', { max: params.limit });
    case 'minItems':
      return at('too-few', { min: params.limit });
    case 'maxItems':
      return at('too-many', { max: params.limit });
    case 'uniqueItems':
      return at('twice');
    case 'enum':
    case 'const':
    case 'anyOf':
    case 'oneOf':
      return at('choice');
    case 'format':
      return at(formatSentence[params.format as string] ?? 'invalid');
    case 'type':
      return at(typeSentence[String(params.type)] ?? 'invalid');
    default:
      return at('invalid');
  }
}

const formatSentence: Record<string, string> = {
  email: 'email',
  uri: 'url',
  url: 'url',
  date: 'date',
  'date-time': 'date',
  'iso-date-time': 'date',
  time: 'time',
};
const typeSentence: Record<string, string> = {
  number: 'number',
  integer: 'integer',
  boolean: 'choice',
};
