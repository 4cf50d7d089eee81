// plugin.json: what a plugin says of itself before any of its code runs.
import type { Static } from 'typebox';
import { roles } from './accounts/roles.ts';
import { capabilities } from './law/vocabulary.ts';
import { Type } from './type.ts';

const id = '^[a-z][a-z0-9-]{1,40}$';
const text = Type.String({ minLength: 1, maxLength: 500 });
const oneOf = (words: readonly string[]) => Type.String({ enum: words });
const capability = oneOf(capabilities);

export const DataPracticeSchema = Type.Object(
  {
    data: Type.String({
      description: 'Dotted key of the fideslang taxonomy, e.g. user.contact.email',
    }),
    purpose: Type.String({
      description: 'Key in the locales: what it is kept for, as the person reads it',
    }),
    basis: oneOf([
      'consent',
      'contract',
      'legal_obligation',
      'legitimate_interest',
      'political_body',
    ]),
    source: oneOf(['person', 'staff', 'import', 'third_party']),
    keep: Type.String({
      pattern: '^(relation|P(?=\\d)(\\d+Y)?(\\d+M)?(\\d+W)?(\\d+D)?)$',
      description: 'ISO 8601 duration, or `relation`: as long as the person is in touch',
    }),
    tables: Type.Array(Type.String({ pattern: '^[a-z_]+\\.[a-z_]+$' }), { minItems: 1 }),
    processors: Type.Array(
      Type.Object(
        { name: text, country: Type.String({ pattern: '^[A-Z]{2}$' }) },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

export const ManifestSchema = Type.Object(
  {
    id: Type.String({ pattern: id }),
    version: Type.String(),
    core: Type.String({ description: 'Range of the contract that it is written for, e.g. ^1.0.0' }),
    requires: Type.Optional(Type.Array(Type.String({ pattern: id }))),
    enhances: Type.Optional(Type.Array(Type.String({ pattern: id }))),
    capabilities: Type.Optional(
      Type.Object(
        {
          needs: Type.Optional(Type.Array(capability)),
          uses: Type.Optional(Type.Array(capability)),
        },
        { additionalProperties: false },
      ),
    ),
    offers: Type.Optional(
      Type.Array(Type.String({ pattern: '^core\\.[A-Z][A-Za-z]+$' }), {
        description:
          'Extension points of the core that it binds: while it is faulty, who asks there is refused instead of told nothing',
      }),
    ),
    slots: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}\\.[a-z][a-z0-9.-]*$' }), {
        description: 'Where panels of others may stand on its pages, e.g. people.person',
      }),
    ),
    paths: Type.Optional(Type.Array(Type.String({ pattern: '^/[a-z0-9-]+$' }))),
    dataPractices: Type.Optional(Type.Array(DataPracticeSchema)),
    impersonal: Type.Optional(
      Type.Array(Type.String({ description: 'Tables that hold nothing on any person' })),
    ),
    permissions: Type.Optional(Type.Record(Type.String(), text)),
    roles: Type.Optional(
      Type.Record(Type.String({ pattern: `^(${roles.join('|')})$` }), Type.Array(Type.String()), {
        additionalProperties: false,
        description: 'Which of the ready roles gets which of the permissions',
      }),
    ),
    withheld: Type.Optional(
      Type.Array(text, {
        description: 'Permissions that the administrator does not have by being one',
      }),
    ),
    settings: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    migrations: Type.Optional(Type.String({ description: 'Folder, ./migrations if left out' })),
    initially: Type.Optional(oneOf(['on', 'off'])),
  },
  { additionalProperties: false },
);

export type Manifest = Static<typeof ManifestSchema>;
export type DataPractice = Static<typeof DataPracticeSchema>;
