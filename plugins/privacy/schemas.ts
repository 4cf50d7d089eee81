// Forms and queries of privacy, as they come in.
import { Type } from 'rostra/plugin';
import { kinds } from './request.sql.ts';

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });

export const AddressForm = Type.Object({
  email: Type.String({ format: 'email', maxLength: 254 }),
  /** Nobody sees this field: who fills it in is a machine. */
  homepage: Type.Optional(Type.String({ maxLength: 200 })),
});
export const CorrectionForm = Type.Object({ words: text(4000) });
export const ErasureForm = Type.Object({
  sure: Type.Literal('true'),
  neverAgain: Type.Optional(Type.Literal('true')),
});

export const ListQuery = Type.Object({
  show: Type.String({ enum: ['open', 'answered', 'all'], default: 'open' }),
  kind: Type.String({ enum: ['', ...kinds], default: '' }),
  q: Type.String({ maxLength: 254, default: '' }),
  skip: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 }),
});
export const KeptQuery = Type.Object({
  q: Type.String({ maxLength: 254, default: '' }),
  skip: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 }),
});
export const NewForm = Type.Object({
  kind: Type.String({ enum: [...kinds] }),
  receivedOn: Type.Optional(Type.String({ format: 'date' })),
  words: Type.Optional(Type.String({ maxLength: 4000 })),
  neverAgain: Type.Optional(Type.Literal('true')),
});
export const ReasonForm = Type.Object({ reason: text(2000) });
export const AnswerForm = Type.Object({ text: Type.Optional(Type.String({ maxLength: 2000 })) });
export const SureForm = Type.Object({ sure: Type.Literal('true') });
