// What the forms of the accounts take.
import { Type } from '../../type.ts';
import { passwordLength } from '../password.ts';
import { roles } from '../roles.ts';

const email = Type.String({ format: 'email', maxLength: 254 });
const name = Type.String({ minLength: 1, maxLength: 200 });
const chosenPassword = Type.String({
  minLength: passwordLength.min,
  maxLength: passwordLength.max,
});
const role = Type.Union(roles.map((one) => Type.Literal(one)));
const organizationId = Type.String({ pattern: '^\\d{1,18}$' });

export const LogInForm = Type.Object({
  email,
  password: Type.String({ minLength: 1, maxLength: passwordLength.max }),
  next: Type.Optional(Type.String({ maxLength: 2000 })),
});
export const NextFilter = Type.Object({ next: Type.String({ default: '', maxLength: 2000 }) });
export const LinkForm = Type.Object({
  email,
  purpose: Type.Union([Type.Literal('log-in'), Type.Literal('reset')], { default: 'log-in' }),
});
export const NewPasswordForm = Type.Object({ password: chosenPassword });
export const CodeForm = Type.Object({ code: Type.String({ minLength: 6, maxLength: 20 }) });
export const EmptyForm = Type.Object({});

export const ProfileForm = Type.Object({ name, language: Type.String({ maxLength: 20 }) });
export const ChangePasswordForm = Type.Object({
  current: Type.Optional(Type.String({ maxLength: passwordLength.max })),
  password: chosenPassword,
});
export const ShowPasswordForm = Type.Object({
  password: Type.String({ minLength: 1, maxLength: passwordLength.max }),
});

export const InviteForm = Type.Object({ email, name, role });
export const GrantForm = Type.Object({ role, organizationId });
export const TokenForm = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  permissions: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 100, default: [] }),
  until: Type.String({ format: 'date' }),
});
export const WithdrawForm = Type.Object({
  role: Type.String({ maxLength: 40 }),
  organizationId,
});
