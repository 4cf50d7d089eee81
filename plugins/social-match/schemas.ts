// What comes in by forms and addresses.
import { Type } from 'rostra/plugin';

export const ListSchema = Type.Object({
  before: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,17}$' })),
});

export const SearchSchema = Type.Object({
  handle: Type.String({ minLength: 1, maxLength: 500 }),
  agreed: Type.Optional(Type.Boolean()),
  evidence: Type.Optional(Type.String({ maxLength: 500 })),
});

export const SettleSchema = Type.Object({
  /** Where the reader came from. */
  from: Type.Optional(Type.Union([Type.Literal('list'), Type.Literal('person')])),
});
