// A plugin's settings as its manifest describes them: fields, defaults, and which are secret.
import type { TSchema } from 'typebox';
import type { Manifest } from '../manifest.ts';
import { Type } from '../type.ts';

export interface FieldSchema {
  type?: string;
  format?: string;
  enum?: unknown[];
  anyOf?: Choice[];
  oneOf?: Choice[];
  items?: FieldSchema;
  default?: unknown;
  title?: string;
  description?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  'x-secret'?: boolean;
  'x-multiline'?: boolean;
}

interface Choice {
  const?: unknown;
  /** In the reader's words, where it has no sentence in the locales: a name out of the database. */
  title?: string;
}

export interface SettingsSchema {
  type: 'object';
  properties: Record<string, FieldSchema>;
  required?: string[];
}

/** The core's own. */
export const CoreSettings = Type.Object({
  theme: Type.String({ default: 'plain', pattern: '^[a-z][a-z0-9-]{1,40}$' }),
  mailServer: Type.Optional(
    Type.String({ pattern: '^smtps?://', maxLength: 500, 'x-secret': true }),
  ),
  mailFromAddress: Type.Optional(Type.String({ format: 'email', maxLength: 254 })),
  mailFromName: Type.Optional(Type.String({ maxLength: 100 })),
  mailReplyTo: Type.Optional(Type.String({ format: 'email', maxLength: 254 })),
  backupDays: Type.Optional(Type.Integer({ default: 14, minimum: 1, maximum: 3650 })),
});

/** Of a manifest; `undefined` when the plugin has nothing to set. */
export function settingsSchemaOf(manifest: Pick<Manifest, 'settings'>): SettingsSchema | undefined {
  const { settings } = manifest;
  if (!settings || Object.keys(settings).length === 0) return undefined;
  const schema = settings as unknown as SettingsSchema;
  // Either a whole schema, or the properties alone.
  return settings.type === 'object' ? schema : wholeOf(settings as Record<string, FieldSchema>);
}

/** Made once: validators are kept by their schema. */
const wholeOf = once((properties: Record<string, FieldSchema>): SettingsSchema => {
  return { type: 'object', properties };
});

export const coreSchema = CoreSettings as unknown as SettingsSchema;

export function secretsOf(schema: SettingsSchema): string[] {
  return Object.keys(schema.properties).filter((name) => schema.properties[name]?.['x-secret']);
}

export function defaultsOf(schema: SettingsSchema): Record<string, unknown> {
  const entries = Object.entries(schema.properties)
    .filter(([, field]) => field.default !== undefined)
    .map(([name, field]) => [name, field.default]);
  return Object.fromEntries(entries);
}

/** For the form: a secret left empty stays as it is, and a box left unticked is a no. */
export const formSchemaOf = once((schema: SettingsSchema): TSchema => {
  const properties = Object.entries(schema.properties).map(([name, field]) => {
    const { default: _, ...rest } = field;
    return [name, field.type === 'boolean' ? { ...rest, default: false } : rest];
  });
  const secrets = secretsOf(schema);
  return {
    type: 'object',
    properties: { ...Object.fromEntries(properties), revision: { type: 'integer' } },
    required: (schema.required ?? []).filter(
      (name) => !secrets.includes(name) && schema.properties[name]?.type !== 'boolean',
    ),
  } as unknown as TSchema;
});

function once<From extends object, To>(make: (from: From) => To): (from: From) => To {
  const made = new WeakMap<From, To>();
  return (from) => {
    const known = made.get(from) ?? make(from);
    made.set(from, known);
    return known;
  };
}

/** What may be chosen, when it is a choice. */
export function choicesOf(field: FieldSchema): { value: string; label?: string }[] | undefined {
  const named = field.anyOf ?? field.oneOf;
  const choices: Choice[] | undefined = field.enum?.map((one) => ({ const: one })) ?? named;
  if (!choices?.every((one) => one.const !== undefined)) return undefined;
  return choices.map((one) => ({ value: String(one.const), label: one.title }));
}
