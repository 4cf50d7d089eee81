// Settings of an account elsewhere, e.g. at a payment provider: a schema of strings, some of them secret.
import type { TSchema } from 'typebox';
import { invalid } from '../errors.ts';
import { makeValidator } from '../validate.ts';
import { type SettingsSchema, secretsOf } from './schema.ts';

/** As they are kept, and none that the schema does not name. Throws `invalid` with a fault a setting. */
export function checkAccount(
  schema: object,
  values: Record<string, unknown>,
): Record<string, string> {
  const strict = { ...schema, additionalProperties: false };
  const form = makeValidator(strict as unknown as TSchema)(values);
  if (!form.ok) throw invalid(form.faults);
  return form.value as Record<string, string>;
}

/** What of them may be shown. */
export function openPartOf(
  schema: object,
  settings: Record<string, string>,
): Record<string, string> {
  const secrets = secretsOf({ properties: {}, ...schema } as SettingsSchema);
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !secrets.includes(name)));
}
