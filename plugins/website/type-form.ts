// A type's own settings within the form of a page: its fields stand beside the page's, as `settings.<field>`.
import { type Fault, invalid, makeValidator, type Scope, type TSchema, Type } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { PageSettings } from './index.ts';
import type { DescribedType } from './page-type.ts';
import { PageForm } from './schemas.ts';

type Words = Record<string, string>;
type FieldSchema = Record<string, unknown>;
interface Shown {
  values: Record<string, unknown>;
  faults: Words;
}

const prefix = 'settings.';
/** A validator is kept as long as its schema, and a type makes a new one each time that it is asked. */
const known = new Map<string, { own: TSchema; form: typeof PageForm }>();
const mostKnown = 100;

/** The page's form with the type's fields. */
export function pageFormOf(type: DescribedType | undefined): typeof PageForm {
  return type ? schemasOf(type).form : PageForm;
}

export function settingsIn<V>(values: Record<string, V>): Record<string, V> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

/** As a form holds them. */
export function asFields(settings: PageSettings | undefined): Record<string, unknown> {
  const entries = Object.entries(settings ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [prefix + name, value]));
}

/** For a page that is about to be made. */
export function usualFields(type: DescribedType): Record<string, unknown> {
  const usual = Object.entries(fieldsIn(type.settings))
    .filter(([, field]) => field['default'] !== undefined)
    .map(([name, field]) => [name, field['default']]);
  return asFields(Object.fromEntries(usual));
}

/** For the partial `core/fields`. */
export async function fieldsOf(scope: Scope, deps: Deps, type: DescribedType, form: Shown) {
  const { own } = schemasOf(type);
  const given = { words: `${type.id}.settings`, values: settingsIn(form.values) };
  const faults = settingsIn(form.faults);
  const fields = await deps.fields.of(scope, own, { ...given, faults });
  return fields.map((field) => ({ ...field, name: prefix + field.name }));
}

/** Throws `invalid`, with the faults beside the form's fields, unless the type takes the settings. */
export async function demandSound(
  scope: Scope,
  deps: Deps,
  type: DescribedType,
  settings: PageSettings,
): Promise<void> {
  const fitting = makeValidator(schemasOf(type).own)(settings);
  const faults = fitting.ok ? await ownFaults(scope, deps, type, settings) : fitting.faults;
  if (faults.length === 0) return;
  throw invalid(faults.map((fault) => ({ ...fault, path: `/${prefix}${fault.path.slice(1)}` })));
}

/** What differs, a line a field, in the words of the form. */
export async function settingChanges(
  scope: Scope,
  deps: Deps,
  type: DescribedType,
  [before, after]: readonly [PageSettings, PageSettings],
) {
  const drawn = (settings: PageSettings) =>
    fieldsOf(scope, deps, type, { values: asFields(settings), faults: {} });
  const [old, fresh] = [await drawn(before), await drawn(after)];
  return old
    .map((field, n) => ({
      ...{ label: field.label, before: said(scope, field), after: said(scope, fresh[n]) },
    }))
    .filter((row) => row.before !== row.after);
}

async function ownFaults(
  scope: Scope,
  deps: Deps,
  type: DescribedType,
  settings: PageSettings,
): Promise<Fault[]> {
  const asked = { plugin: type.plugin, where: `page type ${type.id}` };
  const faults = await deps.plugins.attempt(scope, asked, () =>
    type.service.check(scope, settings),
  );
  const [first] = Object.keys(fieldsIn(type.settings));
  return faults ?? [{ path: `/${first ?? ''}`, message: 'website.fault.type' }];
}

function said(scope: Scope, field: Awaited<ReturnType<typeof fieldsOf>>[number] | undefined) {
  if (!field) return '';
  const { kind, value, options } = field;
  if (kind === 'checkbox') {
    return scope.t(String(value) === 'true' ? 'website.type.yes' : 'website.type.no');
  }
  const text = String(value ?? '');
  return options?.find((option) => option.value === text)?.label ?? text;
}

function schemasOf({ settings }: DescribedType) {
  const key = JSON.stringify(settings);
  const made = known.get(key) ?? makeSchemas(settings);
  if (known.size >= mostKnown) known.clear();
  known.set(key, made);
  return made;
}

/** A box that is left unticked is a no, and what was left empty is not filled in again. */
function makeSchemas(settings: TSchema) {
  const required = namesIn(settings);
  const fields = Object.entries(fieldsIn(settings)).map(([name, { default: _, ...field }]) => {
    const isNeeded = required.includes(name) && field['type'] !== 'boolean';
    return [name, isNeeded ? field : Type.Optional(field)] as const;
  });
  const own = Type.Object(Object.fromEntries(fields));
  const all = fields.map(([name, field]) => [prefix + name, field]);
  const form = Type.Object({ ...PageForm.properties, ...Object.fromEntries(all) });
  return { own, form };
}

/** Without secrets: what is chosen for a page is kept as it is, and seen in its history. */
function fieldsIn(settings: TSchema): Record<string, FieldSchema> {
  const properties = 'properties' in settings ? settings.properties : undefined;
  const fields: Record<string, FieldSchema> = Object(properties);
  return Object.fromEntries(Object.entries(fields).filter(([, field]) => !field['x-secret']));
}

function namesIn(settings: TSchema): unknown[] {
  return 'required' in settings && Array.isArray(settings.required) ? settings.required : [];
}
