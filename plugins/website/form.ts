// The form of a sign-up page: what it asks, in which words, and whether it may be open.
import { isIdentityComplete, type Scope, type Static, Type } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { ConsentAsked } from './submission.sql.ts';

const wording = Type.Optional(Type.String({ minLength: 10, maxLength: 500 }));

export const FormSettingsSchema = Type.Object({
  givenName: Type.Boolean(),
  familyName: Type.Boolean(),
  postcode: Type.Boolean(),
  phone: Type.Boolean(),
  /** Ids of those that the box on e-mail subscribes to; the party's first one until staff chose. */
  newsletters: Type.Optional(Type.Array(Type.String({ pattern: '^\\d{1,18}$' }), { maxItems: 20 })),
  emailWording: wording,
  smsWording: wording,
});
export type FormSettings = Static<typeof FormSettingsSchema>;

/** Three fields: who wants to know more asks afterwards. */
export const usualForm: FormSettings = {
  ...{ givenName: true, familyName: false, postcode: true, phone: false },
};

export interface OpenForm extends FormSettings {
  newsletters: string[];
  /** Boxes as they are shown; each is recorded in these words when it is ticked. */
  consents: (ConsentAsked & { field: 'emailConsent' | 'smsConsent' })[];
}

export async function openForm(
  scope: Scope,
  deps: Deps,
  settings: FormSettings = usualForm,
): Promise<OpenForm> {
  const known = (await deps.newsletters.list(scope)).map(({ id }) => id);
  const newsletters = settings.newsletters?.filter((id) => known.includes(id)) ?? known.slice(0, 1);
  const party = scope.organization.legal.controller ?? scope.organization.name;
  const words = (channel: string) => scope.t(`website.form.wording.${channel}`, { party });
  const email = { channel: 'email', purpose: 'newsletter', field: 'emailConsent' } as const;
  const sms = { channel: 'sms', purpose: 'campaign', field: 'smsConsent' } as const;
  return {
    ...settings,
    newsletters,
    consents: [
      { ...email, wording: settings.emailWording ?? words('email') },
      ...(settings.phone ? [{ ...sms, wording: settings.smsWording ?? words('sms') }] : []),
    ],
  };
}

/** Why no form may be shown; `undefined` when it may. */
export function closedBy(scope: Scope): 'identity' | 'law' | undefined {
  // GDPR art. 13(1)(a) and the duty of an imprint: who asks for something says who he is.
  if (!isIdentityComplete(scope.organization.legal)) return 'identity';
  const { effect } = scope.law.decide({ capability: 'collect.form' });
  return effect === 'allow' ? undefined : 'law';
}
