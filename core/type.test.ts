// Our builder of schemas against the one whose types it wears.
import test from 'ava';
import fc from 'fast-check';
import { Type as Typebox } from 'typebox';
import { Type } from './type.ts';

/** The same schema, built twice. */
type Build = (T: typeof Type) => unknown;

const leaf = fc.constantFrom<Build>(
  (T) => T.String({ maxLength: 3, description: 'text' }),
  (T) => T.Boolean({ default: true }),
  (T) => T.Integer({ minimum: 1 }),
  (T) => T.Number(),
  (T) => T.Unknown(),
  (T) => T.Literal('word'),
  (T) => T.Literal(2),
  (T) => T.Enum(['a', 'b'], { description: 'one of them' }),
  (T) => T.Unsafe<string>({ type: 'string', format: 'email' }),
  (T) => T.Partial(T.Object({ a: T.String(), b: T.Optional(T.Number()) })),
);

const { schema } = fc.letrec<{ schema: Build }>((tie) => {
  const inner = tie('schema').map((build) => (T: typeof Type) => build(T) as never);
  return {
    schema: fc.oneof(
      { maxDepth: 4 },
      leaf,
      inner.map(
        (one): Build =>
          (T) =>
            T.Array(one(T), { maxItems: 2 }),
      ),
      inner.map(
        (one): Build =>
          (T) =>
            T.Record(T.String(), one(T), { maxProperties: 2 }),
      ),
      inner.map(
        (one): Build =>
          (T) =>
            T.Record(T.String({ pattern: '^a$' }), one(T)),
      ),
      fc.tuple(inner, inner).map(
        ([a, b]): Build =>
          (T) =>
            T.Union([a(T), b(T)]),
      ),
      fc.tuple(inner, inner).map(
        ([a, b]): Build =>
          (T) =>
            T.Object({ a: T.Optional(a(T)), b: b(T) }, { additionalProperties: false }),
      ),
      inner.map(
        (one): Build =>
          (T) =>
            T.Object({ a: T.Optional(one(T)) }),
      ),
    ),
  };
});

test('it makes the schemas that typebox makes', (t) => {
  fc.assert(
    fc.property(schema, (build) => {
      t.is(JSON.stringify(build(Type)), JSON.stringify(build(Typebox as typeof Type)));
    }),
    { numRuns: 500 },
  );
});
