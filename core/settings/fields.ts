// A schema's properties as the fields of a form, in the reader's words.
import type { Core } from '../core.ts';
import type { Form } from '../http/context.ts';
import type { Scope } from '../scope.ts';
import type { Fields } from '../services.ts';
import { choicesOf, type FieldSchema, settingsSchemaOf } from './schema.ts';
import type { SettingsView } from './settings.ts';

export interface Field {
  name: string;
  kind: 'checkbox' | 'choice' | 'textarea' | 'secret' | 'text';
  label: string;
  hint?: string;
  value: unknown;
  fault?: string;
  required: boolean;
  /** Of `text`. */
  type?: 'text' | 'email' | 'url' | 'number' | 'date';
  options?: { value: string; label: string }[];
  /** Of `secret`. */
  isSet?: boolean;
}

interface FieldsDeps extends Pick<Core, 'locales' | 'themes'> {
  scope: Scope;
  plugin: string;
  /** What the keys of its sentences begin with; `<plugin>.settings` if left out. */
  words?: string;
  view: SettingsView;
  form?: Pick<Form<unknown>, 'values' | 'faults'>;
}

/** For plugins that draw a form of their own from a schema. */
export function makeFields(deps: Pick<Core, 'locales' | 'themes'>): Fields {
  return {
    async of(scope, asked, { words, ...form }) {
      const schema = settingsSchemaOf({ settings: { ...asked } });
      if (!schema) return [];
      const view = { schema, values: {}, inherited: [], secretsSet: [], revision: 0 };
      const fields = fieldsOf({ ...deps, scope, plugin: '', words, view, form });
      return fields.map((field) => ({ ...field, value: shownValue(field.value) }));
    },
  };
}

export function fieldsOf(deps: FieldsDeps): Field[] {
  const { view } = deps;
  return Object.entries(view.schema.properties).map(([name, field]) => fieldOf(deps, name, field));
}

function fieldOf(deps: FieldsDeps, name: string, field: FieldSchema): Field {
  const { scope, plugin, view, form } = deps;
  const words = wordsOf(deps);
  const choices = plugin === 'core' && name === 'theme' ? themesOf(deps) : choicesOf(field);
  const isInherited = view.inherited.includes(name) && view.values[name] !== undefined;
  const inherited = scope.organization.parentId ? scope.t('settings.inherited') : undefined;
  const isSecret = field['x-secret'] === true;
  return {
    name,
    label: words(name) ?? field.title ?? name,
    hint: [words(`${name}.hint`) ?? field.description, isInherited ? inherited : undefined]
      .filter(Boolean)
      .join(' '),
    value: isSecret ? undefined : form ? form.values[name] : shownValue(view.values[name]),
    fault: form?.faults[name],
    required: !isSecret && (view.schema.required ?? []).includes(name) && field.type !== 'boolean',
    kind: kindOf(field, choices),
    type: typeOf(field),
    options: choices?.map(({ value, label }) => ({
      ...{ value, label: words(`${name}.${value}`) ?? label ?? value },
    })),
    isSet: view.secretsSet.includes(name),
  };
}

/** `<plugin>.settings.<field>`, the core's `settings.core.<field>`; `undefined` when nobody wrote it. */
function wordsOf({ locales, scope, plugin, words }: FieldsDeps) {
  const prefix = words ?? (plugin === 'core' ? 'settings.core' : `${plugin}.settings`);
  return (key: string): string | undefined =>
    locales.has(`${prefix}.${key}`) ? scope.t(`${prefix}.${key}`) : undefined;
}

function kindOf(field: FieldSchema, choices: unknown[] | undefined): Field['kind'] {
  if (field['x-secret']) return 'secret';
  if (field.type === 'boolean') return 'checkbox';
  if (choices) return 'choice';
  return field['x-multiline'] ? 'textarea' : 'text';
}

function typeOf(field: FieldSchema): Field['type'] {
  if (field.type === 'number' || field.type === 'integer') return 'number';
  if (field.format === 'email') return 'email';
  if (field.format === 'uri') return 'url';
  return field.format === 'date' ? 'date' : 'text';
}

function themesOf({ themes }: FieldsDeps): { value: string; label: string }[] {
  return themes
    .list()
    .flatMap(({ id, manifest, fault }) =>
      fault ? [] : [{ value: id, label: manifest?.name ?? id }],
    );
}

function shownValue(value: unknown): unknown {
  return Array.isArray(value) ? value.join(', ') : value;
}
