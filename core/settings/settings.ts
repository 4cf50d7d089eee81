// Settings: checked by the plugin's schema, inherited from the organizations above, secrets sealed.
import { isDeepStrictEqual } from 'node:util';
import type { Static, TSchema } from 'typebox';
import { oneAtATime } from '../bounded.ts';
import type { Core } from '../core.ts';
import { invalid, refused } from '../errors.ts';
import { addJob } from '../jobs/jobs.sql.ts';
import { jobTask } from '../jobs/task.ts';
import type { Organization } from '../organizations/organization.ts';
import type { Scope } from '../scope.ts';
import { open, seal } from '../secret.ts';
import type { Audit, Settings } from '../services.ts';
import { makeValidator, type Validator } from '../validate.ts';
import { demandPublicServer } from './mail-server.ts';
import {
  CoreSettings,
  coreSchema,
  defaultsOf,
  type SettingsSchema,
  secretsOf,
  settingsSchemaOf,
} from './schema.ts';
import { findAllSettings, findSettings, type SettingRow, writeSetting } from './settings.sql.ts';

export type CoreSettings = Static<typeof CoreSettings>;

export interface SettingsDeps
  extends Pick<Core, 'config' | 'database' | 'log' | 'organizations' | 'registry' | 'versions'> {
  /** The core's audit. */
  audit: Audit;
  /** Mail servers of chapters (`host:port`) that may be private; for tests. */
  allowPrivate?: readonly string[] | undefined;
}

/** What the form shows: a secret only by its being there. */
export interface SettingsView {
  schema: SettingsSchema;
  values: Record<string, unknown>;
  /** Fields that come from above or are the default. */
  inherited: string[];
  /** Secrets that are set, here or above. */
  secretsSet: string[];
  revision: number;
}

export interface SettingsParts {
  service: (plugin: string) => Settings;
  /** For the admin. */
  view(scope: Scope, plugin: string): Promise<SettingsView | undefined>;
  /** As `write`, but refused with 409 when somebody wrote since `revision`. Secrets left out stay. */
  change(scope: Scope, plugin: string, change: SettingsChange): Promise<void>;
  /** The core's own, from memory. */
  coreOf(organization: Organization): CoreSettings;
  /** Reads the core's own again; at start and whenever the version `house` moves. */
  reload(): Promise<void>;
}

export interface SettingsChange {
  values: Record<string, unknown>;
  removeSecrets?: string[];
  revision?: number;
}

export function makeSettings(deps: SettingsDeps): SettingsParts {
  const purposeOf = (plugin: string): string => `core.setting.${plugin}`;
  let ownRows: SettingRow[] = [];

  function schemaOf(plugin: string): SettingsSchema | undefined {
    if (plugin === 'core') return coreSchema;
    const found = deps.registry.find(plugin);
    return found && settingsSchemaOf(found.manifest);
  }

  /** From the root down: the nearest word counts. */
  function merge(plugin: string, path: string[], rows: SettingRow[]) {
    const line = path.map((id) => rows.find((row) => row.organizationId === id));
    const words: Record<string, unknown> = {};
    for (const row of line) {
      if (!row) continue;
      Object.assign(words, row.values);
      for (const [name, sealed] of Object.entries(row.secrets)) {
        words[name] = unseal(plugin, name, sealed);
      }
    }
    return { words, own: line.at(-1) };
  }

  /** After ROSTRA_SECRET was lost a secret is as if never set: it is told, and can be given again. */
  function unseal(plugin: string, name: string, sealed: string): string | undefined {
    try {
      return open(deps.config.secret, purposeOf(plugin), sealed);
    } catch {
      deps.log.error({ plugin, setting: name }, 'a secret setting was sealed under another secret');
      return undefined;
    }
  }

  async function read(scope: Scope, plugin: string) {
    const schema = schemaOf(plugin);
    const path = scope.organization.path.split('.');
    const rows = await findSettings(scope.db, plugin, path);
    const { words, own } = merge(plugin, path, rows);
    const above = merge(plugin, path.slice(0, -1), rows).words;
    const defaults = schema ? defaultsOf(schema) : {};
    return { schema, own, values: { ...defaults, ...words }, above: { ...defaults, ...above } };
  }

  async function change(scope: Scope, plugin: string, given: SettingsChange): Promise<void> {
    if (plugin === 'core')
      await demandPublicServer(scope, given.values.mailServer, deps.allowPrivate);
    await scope.write(async (own) => {
      const before = await read(own, plugin);
      const { schema } = before;
      if (!schema) throw new Error(`Plugin "${plugin}" has no settings in its manifest.`);
      const revision = before.own?.revision ?? 0;
      if (given.revision !== undefined && given.revision !== revision) {
        throw refused('core.edited-meanwhile', { current: publicOf(schema, before.values) });
      }
      const removed = given.removeSecrets ?? [];
      const row = rowOf(scope, plugin, { ...before, schema }, given.values, removed);
      if (!(await writeSetting(own.db, { ...row, revision }, scope.now()))) {
        throw refused('core.edited-meanwhile', { current: publicOf(schema, before.values) });
      }
      const fields = changedFields(before.own, row);
      await deps.audit.record(own, {
        act: 'settings.changed',
        subject: { type: 'settings', id: plugin },
        details: { fields },
      });
      for (const id of deps.organizations.below(scope.organization.id)) {
        await deps.versions.bump(own.db, `site:${id}`);
      }
      if (plugin !== 'core') return;
      await deps.versions.bump(own.db, 'house');
      // What waited for a mail server or a sender may leave now.
      const { id: organizationId } = scope.organization;
      await addJob(own.db, jobTask('core', 'deliver-waiting-mail'), { organizationId });
    });
    if (plugin === 'core') await reload();
  }

  /** Only what differs from above is kept, so that a change above is still inherited. */
  function rowOf(
    scope: Scope,
    plugin: string,
    before: { schema: SettingsSchema; own: SettingRow | undefined; above: Record<string, unknown> },
    given: Record<string, unknown>,
    removed: string[],
  ): Omit<SettingRow, 'revision'> {
    const { schema, own, above } = before;
    const checked = check(schema, given);
    const secrets = { ...own?.secrets };
    for (const name of removed) delete secrets[name];
    const values: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(checked)) {
      if (secretsOf(schema).includes(name)) {
        secrets[name] = seal(deps.config.secret, purposeOf(plugin), String(value));
      } else if (!isDeepStrictEqual(value, above[name])) values[name] = value;
    }
    return { organizationId: scope.organization.id, plugin, values, secrets };
  }

  const reload = oneAtATime(async () => {
    ownRows = await findAllSettings(deps.database.db, 'core');
  });

  return {
    service: (plugin) => ({
      read: async <T>(scope: Scope) => (await read(scope, plugin)).values as T,
      async isOwn(scope, name) {
        const { own } = await read(scope, plugin);
        return own?.values[name] !== undefined || own?.secrets[name] !== undefined;
      },
      async write(scope, values) {
        const { values: before } = await read(scope, plugin);
        const secrets = secretsOf(schemaOf(plugin) ?? { type: 'object', properties: {} });
        const kept = Object.entries(before).filter(([name]) => !secrets.includes(name));
        await change(scope, plugin, { values: { ...Object.fromEntries(kept), ...values } });
      },
    }),
    async view(scope, plugin) {
      const { schema, own, values } = await read(scope, plugin);
      if (!schema) return undefined;
      return {
        schema,
        values: publicOf(schema, values),
        inherited: Object.keys(schema.properties).filter(
          (name) => own?.values[name] === undefined && own?.secrets[name] === undefined,
        ),
        secretsSet: secretsOf(schema).filter((name) => values[name] !== undefined),
        revision: own?.revision ?? 0,
      };
    },
    change,
    coreOf(organization) {
      const { words } = merge('core', organization.path.split('.'), ownRows);
      return { ...defaultsOf(coreSchema), ...words } as CoreSettings;
    },
    reload,
  };
}

/** A secret may be missing: it can stand above, or be there already. */
function check(schema: SettingsSchema, values: Record<string, unknown>): Record<string, unknown> {
  const checked = validatorOf(schema)(values);
  if (!checked.ok) throw invalid(checked.faults);
  return checked.value as Record<string, unknown>;
}

const validators = new WeakMap<SettingsSchema, Validator<unknown>>();

function validatorOf(schema: SettingsSchema): Validator<unknown> {
  const secrets = secretsOf(schema);
  const required = (schema.required ?? []).filter((name) => !secrets.includes(name));
  const strict = { ...schema, required, additionalProperties: false } as unknown as TSchema;
  const validator = validators.get(schema) ?? makeValidator(strict);
  validators.set(schema, validator);
  return validator;
}

function publicOf(schema: SettingsSchema, values: Record<string, unknown>) {
  const secrets = secretsOf(schema);
  return Object.fromEntries(Object.entries(values).filter(([name]) => !secrets.includes(name)));
}

function changedFields(
  before: SettingRow | undefined,
  after: Omit<SettingRow, 'revision'>,
): string[] {
  const old = { ...before?.values, ...before?.secrets } as Record<string, unknown>;
  const fresh = { ...after.values, ...after.secrets } as Record<string, unknown>;
  const names = new Set([...Object.keys(old), ...Object.keys(fresh)]);
  return [...names].filter((name) => !isDeepStrictEqual(old[name], fresh[name])).sort();
}
