// Forms and queries of the website, as they come in.
import { Type } from 'rostra/plugin';
import { Tracking } from './tracking-services.ts';

const id = Type.String({ pattern: '^\\d{1,18}$' });
const line = (maxLength: number) => Type.Optional(Type.String({ maxLength }));

export const PageForm = Type.Object({
  title: Type.String({ minLength: 1, maxLength: 200 }),
  slug: line(80),
  parentId: Type.Optional(id),
  summary: line(500),
  body: line(300_000),
  inMenu: Type.Boolean(),
  when: Type.Union([Type.Literal('draft'), Type.Literal('now'), Type.Literal('at')]),
  publishAt: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}' })),
  /** Picture for networks. */
  imageId: Type.Optional(id),
  version: Type.Optional(Type.Integer({ minimum: 1 })),
});

export const MoveForm = Type.Object({
  direction: Type.Union([Type.Literal('up'), Type.Literal('down')]),
});
export const MenuForm = Type.Object({ inMenu: Type.Boolean() });

export const RedirectForm = Type.Object({
  from: Type.String({ pattern: '^/[^\\s?#]+$', maxLength: 500 }),
  to: Type.String({ pattern: '^(/(?!/)|https?://)\\S*$', maxLength: 1000 }),
});

export const SignUpForm = Type.Object({
  email: Type.String({ format: 'email', maxLength: 254 }),
  givenName: line(100),
  familyName: line(100),
  postcode: line(12),
  phone: line(30),
  emailConsent: Type.Boolean(),
  smsConsent: Type.Boolean(),
  tracking: Tracking,
  /** Nobody sees this field: who fills it in is a machine. */
  homepage: line(200),
});

export const NewsQuery = Type.Object({ before: Type.Optional(Type.String({ maxLength: 80 })) });
export const AfterQuery = Type.Object({ after: Type.Optional(id) });
export const NewQuery = Type.Object({ kind: line(20), type: line(100) });
