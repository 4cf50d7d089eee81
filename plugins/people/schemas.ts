// What comes in by forms and addresses.
import { Type } from 'rostra/plugin';

const text = (most: number) => Type.Optional(Type.String({ maxLength: most }));
const word = text(60);
/** A field that stands once in each row of the form. */
const rows = Type.Optional(Type.Array(Type.String({ maxLength: 2000 }), { maxItems: 50 }));

export const relations = [
  'member',
  'former_member',
  'regular_contact',
  'occasional_contact',
] as const;
const relation = Type.Optional(Type.Union(relations.map((kind) => Type.Literal(kind))));

/** Channels on which staff record consent. */
export const channels = ['email', 'sms', 'voice', 'call'] as const;

/** For what staff record consent; a choice by data is agreed to whatever the channel. */
export const purposes = ['campaign', 'newsletter', 'targeting'] as const;

const filters = {
  q: text(200),
  relation,
  tag: word,
  newsletter: word,
  consent: word,
  sort: word,
};
export const ListSchema = Type.Object({ ...filters, after: text(300), before: text(300) });
export const ReachQuery = Type.Object({ channel: word, purpose: word });
export const BulkSchema = Type.Object({
  ...filters,
  person: Type.Optional(Type.Array(Type.String({ maxLength: 20 }), { maxItems: 500 })),
  all: Type.Optional(Type.Boolean()),
  act: word,
  label: word,
});

export const CardSchema = Type.Object({
  givenName: text(200),
  familyName: text(200),
  birthDate: text(20),
  emailAddress: rows,
  phoneNumber: rows,
  line1: rows,
  line2: rows,
  postcode: rows,
  locality: rows,
  region: rows,
  country: rows,
  /** By kind the number of the row that comes first. */
  mainEmailAddress: word,
  mainPhoneNumber: word,
  mainPost: word,
  /** Such as `emailAddress-1`. */
  remove: rows,
  relation,
  chapters: Type.Optional(Type.Array(Type.String({ maxLength: 20 }))),
  /** What is new was said by the person. */
  told: Type.Optional(Type.Boolean()),
  version: Type.Optional(Type.Integer({ minimum: 1 })),
});

export const NewPersonSchema = Type.Object({
  givenName: text(200),
  familyName: text(200),
  emailAddress: text(254),
  phoneNumber: text(40),
  birthDate: text(20),
  line1: text(200),
  postcode: text(20),
  locality: text(200),
  country: text(2),
  relation,
  tags: text(300),
});

export const NoteSchema = Type.Object({ text: Type.String({ minLength: 1, maxLength: 10_000 }) });
export const TagSchema = Type.Object({
  label: Type.String({ minLength: 1, maxLength: 60 }),
  told: Type.Optional(Type.Boolean()),
});

const time = Type.Optional(Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }));
export const ConsentSchema = Type.Object({
  channel: Type.Union(channels.map((channel) => Type.Literal(channel))),
  purpose: Type.Union(purposes.map((purpose) => Type.Literal(purpose))),
  deed: Type.Union([Type.Literal('give'), Type.Literal('withdraw')]),
  wording: Type.String({ minLength: 1, maxLength: 2000, pattern: '\\S' }),
  evidence: Type.String({ minLength: 1, maxLength: 2000, pattern: '\\S' }),
  from: time,
  until: time,
});
/** What a link to the form of a consent fills in. */
export const ConsentQuery = Type.Object({ deed: word, channel: word, purpose: word });
export const SuppressSchema = Type.Object({
  way: Type.String({ minLength: 3, maxLength: 300 }),
  deed: Type.Union([Type.Literal('suppress'), Type.Literal('lift')]),
  why: text(500),
});
export const SubscribeSchema = Type.Object({
  newsletter: Type.String({ minLength: 1, maxLength: 20 }),
  wording: Type.String({ minLength: 1, maxLength: 2000, pattern: '\\S' }),
  evidence: Type.String({ minLength: 1, maxLength: 2000, pattern: '\\S' }),
});
export const UnsubscribeSchema = Type.Object({
  newsletter: Type.String({ minLength: 1, maxLength: 20 }),
});

export const NewsletterSchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 120 }),
  description: text(500),
});

export const MergeQuery = Type.Object({ q: Type.String({ default: '', maxLength: 200 }) });
export const MergeSchema = Type.Object({
  survivor: Type.String({ pattern: '^\\d{1,18}$' }),
  confirmed: Type.Boolean({ const: true }),
});

export const EraseSchema = Type.Object({
  typed: Type.String({ minLength: 1, maxLength: 300 }),
  suppress: Type.Optional(Type.Boolean()),
});

export const KeepSchema = Type.Object({
  why: Type.String({ minLength: 3, maxLength: 500, pattern: '\\S' }),
});

export const ExportSchema = Type.Object({
  ...filters,
  ids: text(12_000),
  columns: Type.Array(Type.String({ maxLength: 40 }), { minItems: 1 }),
  reason: Type.String({ minLength: 3, maxLength: 500 }),
});

export const MappingSchema = Type.Object({
  field: Type.Array(Type.String({ maxLength: 40 })),
  origin: Type.String({ minLength: 3, maxLength: 500 }),
  lawful: Type.Boolean({ const: true }),
  relation,
  label: word,
});

export const StandSchema = Type.Object({
  key: Type.Optional(Type.String({ format: 'uuid' })),
  givenName: text(200),
  familyName: text(200),
  emailAddress: text(254),
  phoneNumber: text(40),
  place: text(120),
  newsletter: Type.Optional(Type.Array(Type.String({ maxLength: 20 }), { maxItems: 20 })),
  sms: Type.Optional(Type.Boolean()),
});
