import test from 'ava';
import type { TSchema } from 'typebox';
import { Type } from './type.ts';
import { makeValidator } from './validate.ts';

const Person = Type.Object(
  {
    email: Type.String({ format: 'email', maxLength: 30 }),
    name: Type.String({ minLength: 1 }),
    age: Type.Optional(Type.Integer({ minimum: 16 })),
    member: Type.Boolean({ default: false }),
    kind: Type.Optional(Type.Union([Type.Literal('a'), Type.Literal('b')])),
    tags: Type.Array(Type.String(), { default: [] }),
  },
  { additionalProperties: false },
);

test('what a form brings is trimmed and turned into what the schema asks for', (t) => {
  const input = { email: ' anna@example.org ', name: 'Anna', age: '17', tags: 'one', extra: 'x' };
  const checked = makeValidator(Person, { form: true })(input);
  t.deepEqual(checked, {
    ok: true,
    value: { email: 'anna@example.org', name: 'Anna', age: 17, tags: ['one'], member: false },
  });
  t.is(input.age, '17');
});

test('an empty field is one that was left out', (t) => {
  const validate = makeValidator(Person, { form: true });
  t.true(validate({ email: 'anna@example.org', name: 'Anna', age: '' }).ok);
  t.deepEqual(validate({ email: '  ', name: 'Anna' }), {
    ok: false,
    faults: [{ path: '/email', message: 'validate.required' }],
  });
});

test('what comes as JSON is taken as it is, and not more than the schema knows', (t) => {
  const checked = makeValidator(Person)({ email: 'a@b.fr', name: 'A', age: '17', other: 1 });
  t.deepEqual(!checked.ok && checked.faults.map(({ path, message }) => `${path} ${message}`), [
    '/other validate.unknown',
    '/age validate.integer',
  ]);
});

const sentence = test.macro({
  exec(t, schema: TSchema, value: unknown, message: string) {
    const checked = makeValidator(Type.Object({ field: schema }))({ field: value });
    t.deepEqual(!checked.ok && checked.faults.map((fault) => fault.message), [message]);
  },
  title: (_, _schema, value, message) => `${JSON.stringify(value)} is answered with ${message}`,
});
test(sentence, Type.String({ minLength: 1 }), '', 'validate.required');
test(sentence, Type.String({ minLength: 3 }), 'x', 'validate.too-short');
test(sentence, Type.String({ maxLength: 3 }), 'xxxx', 'validate.too-long');
test(sentence, Type.String({ format: 'email' }), 'x', 'validate.email');
test(sentence, Type.String({ format: 'uri' }), 'x', 'validate.url');
test(sentence, Type.String({ format: 'date' }), '2026-13-01', 'validate.date');
test(sentence, Type.String({ pattern: '^a' }), 'x', 'validate.invalid');
test(sentence, Type.Integer({ maximum: 3 }), 4, 'validate.too-large');
test(sentence, Type.Number(), 'x', 'validate.number');
test(sentence, Type.Union([Type.Literal('a'), Type.Literal('b')]), 'c', 'validate.choice');
test(sentence, Type.Array(Type.Number(), { minItems: 1 }), [], 'validate.too-few');
test(sentence, Type.Array(Type.Number(), { uniqueItems: true }), [1, 1], 'validate.twice');
