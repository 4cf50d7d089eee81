// The builder of schemas: JSON Schema at run time, with typebox's types, so that types follow from schemas.
import type { TSchema, Type as Typebox } from 'typebox';

type Options = Record<string, unknown>;
type Schema = Record<string, unknown>;

/** Schemas that an object may go without. */
const optional = new WeakSet<object>();

const plain =
  (type: string) =>
  (options: Options = {}) => ({ type, ...options });

function object(properties: Record<string, Schema>, options: Options = {}): Schema {
  const required = Object.keys(properties).filter((name) => !optional.has(properties[name] ?? {}));
  return { type: 'object', ...(required.length > 0 && { required }), properties, ...options };
}

function asOptional(schema: Schema): Schema {
  const copy = { ...schema };
  optional.add(copy);
  return copy;
}

function record(key: Schema, value: Schema, options: Options = {}): Schema {
  return {
    type: 'object',
    patternProperties: { [String(key.pattern ?? '^.*$')]: value },
    ...options,
  };
}

function partial({ properties, type }: Schema): Schema {
  const all = Object.entries(properties as Record<string, Schema>);
  return object(Object.fromEntries(all.map(([name, each]) => [name, asOptional(each)])), { type });
}

const builders = {
  Array: (items: Schema, options: Options = {}) => ({ type: 'array', items, ...options }),
  Boolean: plain('boolean'),
  Enum: (values: readonly string[], options: Options = {}) => ({ enum: values, ...options }),
  Integer: plain('integer'),
  Literal: (value: unknown, options: Options = {}) => ({
    type: typeof value,
    const: value,
    ...options,
  }),
  Number: plain('number'),
  Object: object,
  Optional: asOptional,
  Partial: partial,
  Record: record,
  String: plain('string'),
  Union: (anyOf: Schema[], options: Options = {}) => ({ anyOf, ...options }),
  Unknown: (options: Options = {}) => options,
  Unsafe: (schema: TSchema) => schema,
};

/**
 * As typebox's, and these alone: typebox itself is 370 modules, which cost a start half a second and 25 MB.
 * `core/type.test.ts` holds that both make the same schemas.
 */
export const Type = builders as unknown as Pick<typeof Typebox, keyof typeof builders>;
