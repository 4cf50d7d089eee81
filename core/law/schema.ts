// What a pack may say: the schema by which every file is checked and the reference is generated.
import type { Static, TSchema } from 'typebox';
import { Type } from '../type.ts';
import { enforcements } from './rules.ts';

const day = (description: string) =>
  Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description });
const key = (description: string) =>
  Type.String({ pattern: '^law\\.[a-zA-Z0-9_.]+$', description });
const oneOf = <const Words extends readonly string[]>(
  words: readonly [...Words],
  description: string,
) => Type.Unsafe<Words[number]>(Type.Enum([...words], { description }));

/** Where a rule is written, since when it holds and how sure we are: the envelope of every version. */
const envelope = {
  source: Type.String({
    minLength: 3,
    maxLength: 300,
    description: "Article or regulator's page, as one would cite it",
  }),
  url: Type.Optional(
    Type.String({ pattern: '^https://', description: 'Where the source can be read' }),
  ),
  asOf: day('The day that the source vouches for'),
  from: Type.Optional(
    day("First day, from midnight in the pack's zone; left out: as long as one can look back"),
  ),
  to: Type.Optional(day("Last day, until the midnight that ends it in the pack's zone")),
  basis: oneOf(
    ['law', 'regulator', 'carrier', 'house'],
    'What it rests on; a party may relax `house` alone',
  ),
  confidence: oneOf(
    ['V', 'S', 'K', 'U'],
    'V read at the source, S read about it, K known and not re-read, U uncertain',
  ),
};

const CapabilityVersionSchema = Type.Object(
  {
    ...envelope,
    value: oneOf(['denied', 'conditional', 'allowed'], 'What the law makes of the act'),
    requires: Type.Optional(
      Type.Array(Type.String({ pattern: '^([a-z][a-zA-Z0-9_.]*|age>=\\d{1,3})$' }), {
        minItems: 1,
        uniqueItems: true,
        description: 'What must be met, all of it; with `conditional` only',
      }),
    ),
    obligations: Type.Optional(
      Type.Array(
        Type.Object(
          { kind: Type.String({ pattern: '^[a-z][a-z_.]*$' }), value: Type.Unknown() },
          { additionalProperties: false },
        ),
        { description: 'What whoever acts must do as well: carry a notice, keep a log' },
      ),
    ),
    nationalOption: Type.Optional(
      Type.Boolean({ description: 'The text lets a member state choose otherwise' }),
    ),
  },
  { additionalProperties: false },
);

/** One schema for every rule: whether the value is of the rule's kind is for code to see. */
const RuleVersionSchema = Type.Object(
  {
    ...envelope,
    value: Type.Unknown({ description: 'What the rule sets, as its kind writes it' }),
    enforce: oneOf(
      enforcements,
      'What Rostra does with it; `block`, `attest` and `ask` only where code does',
    ),
    nationalOption: Type.Optional(
      Type.Boolean({ description: 'The text lets a member state choose otherwise' }),
    ),
  },
  { additionalProperties: false },
);

export const matters = ['social', 'newsletter', 'sorting', 'hours', 'gifts', 'silence'] as const;
export type Matter = (typeof matters)[number];

const MatterVersionSchema = Type.Object(
  {
    ...envelope,
    verdict: oneOf(['yes', 'limits', 'no'], 'In one word, for who is about to choose'),
    sentence: key('Key of the sentence in the locales'),
    params: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]), {
        description: 'Figures of the sentence',
      }),
    ),
    capability: Type.Optional(
      Type.String({ description: 'The capability that the matter stands for, if any' }),
    ),
  },
  { additionalProperties: false },
);

const ComingDateSchema = Type.Object(
  {
    date: day('The day on which something ends, begins or falls due'),
    yearly: Type.Optional(Type.Boolean({ description: 'Comes back on that day each year' })),
    sentence: key('Key of the sentence in the locales'),
    source: envelope.source,
    asOf: envelope.asOf,
    confidence: envelope.confidence,
  },
  { additionalProperties: false },
);

const versions = <T extends TSchema>(version: T) =>
  Type.Array(version, { minItems: 1, description: 'Dated versions, the oldest first' });

export const PackSchema = Type.Object(
  {
    id: Type.String({
      pattern: '^[a-z]{2}(-[a-z0-9]{2,20})?$',
      description: "A country, with its part: fr, ca-qc; a party's own, fr-party, in fr-party.json",
    }),
    version: Type.String({ pattern: '^\\d{4}\\.\\d{1,2}\\.\\d+$' }),
    extends: Type.Optional(Type.Array(Type.String(), { uniqueItems: true })),
    choosable: Type.Boolean({ description: 'Whether an organization may say: this is my law' }),
    status: oneOf(
      ['draft', 'starting_point', 'reviewed'],
      'Of a draft, messages, money and enrichment stay off until an administrator signs it; a starting point is in force, and no legal advice; reviewed: local counsel signed it off',
    ),
    countries: Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }), {
      description: 'ISO 3166-1; a person there is asked for under this pack',
    }),
    timeZone: Type.String({ description: 'IANA; its midnight is where a day begins' }),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    capabilities: Type.Record(Type.String(), versions(CapabilityVersionSchema)),
    rules: Type.Optional(
      Type.Record(Type.String(), versions(RuleVersionSchema), {
        description: 'The rest of the law, by the ids of core/law/rules.ts',
      }),
    ),
    // By pattern, not one by one: what is written six times is compiled six times at each start.
    matters: Type.Record(
      Type.String({ pattern: `^(${matters.join('|')})$` }),
      versions(MatterVersionSchema),
      {
        additionalProperties: false,
        description: 'For the reader only: what the law makes of each matter, in a sentence',
      },
    ),
    dates: Type.Optional(
      Type.Array(ComingDateSchema, { description: 'Days that no rule here turns on' }),
    ),
    overrides: Type.Optional(
      Type.Array(
        Type.Object(
          {
            rule: Type.String({ description: 'e.g. capabilities.audience.measure' }),
            reason: Type.String({ minLength: 10 }),
            source: envelope.source,
          },
          { additionalProperties: false },
        ),
        {
          description: "Where this pack's rule stands in place of its parent's, and by which text",
        },
      ),
    ),
  },
  { additionalProperties: false, description: 'The law of one jurisdiction, as dated data' },
);

export type Pack = Static<typeof PackSchema>;
export type CapabilityVersion = Static<typeof CapabilityVersionSchema>;
export type RuleVersion = Static<typeof RuleVersionSchema>;
export type MatterVersion = Static<typeof MatterVersionSchema>;
export type ComingDate = Static<typeof ComingDateSchema>;
export type Verdict = CapabilityVersion['value'];
