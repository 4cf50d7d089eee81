// The plugins: their states, whether each is on for an organization, and how they are loaded.

import { within } from './bounded.ts';
import type { Clock } from './clock.ts';
import type { Container, Party } from './container.ts';
import { refused } from './errors.ts';
import type { Reason } from './law/gate.ts';
import type { Packs } from './law/pack.ts';
import type { Log } from './log.ts';
import type { Manifest } from './manifest.ts';
import type { FoundManifest } from './manifests.ts';
import type { Organization } from './organizations/organization.ts';
import type { Organizations } from './organizations/organizations.ts';
import type { Contributions, Plugin } from './plugin.ts';
import { importPlugin, reasonOf, requireSound } from './plugin-import.ts';

/** Absent: not imported, no table. Dormant: not allowed anywhere, but its tables exist. Loaded: on or off per organization. */
export type PluginState = 'absent' | 'dormant' | 'loaded' | 'faulty';

export interface FoundPlugin extends FoundManifest {
  readonly state: PluginState;
  /** What went wrong at load, when faulty. */
  readonly fault?: string;
  /** Empty until loaded. */
  readonly contributions: Contributions;
}

export type Standing =
  | { on: true }
  | { on: false; by: 'law'; reasons: Reason[] }
  | { on: false; by: 'switch' | 'requires' | 'fault' | 'not-loaded'; plugin?: string };

/** What went wrong in a plugin since the start, newest last. */
export interface PluginFault {
  plugin: string;
  where: string;
  at: Date;
  message: string;
}

export interface Registry {
  /** All that were found, in order of `requires`. */
  all(): readonly FoundPlugin[];
  find(id: string): FoundPlugin | undefined;
  /** Asked at each use; answers from memory. */
  standing(id: string, organization: Organization): Standing;
  isOn(id: string, organization: Organization): boolean;
  /** Throws the refusal that a call to a plugin which is off meets: 451 where the law says no. */
  demand(id: string, organization: Organization): void;
  /** The plugin whose `paths` hold this first segment, e.g. `/sms`. */
  byPath(segment: string): FoundPlugin | undefined;
  /** Loads what is lawful for some organization, or dormant, and is not loaded yet; answers what it loaded. */
  load(migrate: MigratePlugins): Promise<string[]>;
  /** Lets go of plugins whose tables were dropped since: absent until the next start. */
  letGo(): Promise<void>;
  /** Starts what was switched on and stops what was switched off everywhere; after the tree was read again. */
  settle(): Promise<void>;
  /** Names a plugin that threw or hung, for the log and the admin. */
  report(plugin: string, where: string, error: unknown): void;
  faults(): readonly PluginFault[];
  stop(): Promise<void>;
}

/** Brings the tables of these plugins up to date; answers those that failed, and which have tables at all. */
export type MigratePlugins = (plugins: FoundManifest[]) => Promise<{
  failed: { plugin: string; error: unknown }[];
}>;

export interface RegistryParts {
  found: FoundManifest[];
  packs: Packs;
  organizations: Organizations;
  container: Container;
  clock: Clock;
  log: Log;
  /** Ids of the plugins that have tables in the database. */
  withTables: () => Promise<Set<string>>;
}

type Slot = { -readonly [K in keyof FoundPlugin]: FoundPlugin[K] };
const loadTimeout = 10_000;
const faultsKept = 200;

export function makeRegistry(parts: RegistryParts): Registry {
  const slots: Slot[] = parts.found.map((one) => ({ ...one, state: 'absent', contributions: {} }));
  const byId = new Map(slots.map((slot) => [slot.manifest.id, slot]));
  const byPath = new Map(
    slots.flatMap((s) => (s.manifest.paths ?? []).map((p) => [p, s] as const)),
  );
  const faults: PluginFault[] = [];
  /** Plugins that had tables when last looked. */
  let kept = new Set<string>();
  /** Those whose `start` was called and whose `stop` was not. */
  const running = new Set<string>();
  let loading: Promise<unknown> = Promise.resolve();

  /** Why the law says no to the plugin, or to one that it requires; empty when it does not. */
  function refusalOf(manifest: Manifest, jurisdiction: string): Reason[] {
    const when = parts.clock.now();
    const own = (manifest.capabilities?.needs ?? [])
      .map((capability) => parts.packs.permits(jurisdiction, capability, when))
      .filter((decision) => decision.effect === 'deny')
      .flatMap((decision) => decision.reasons);
    const required = (manifest.requires ?? []).flatMap((id) => {
      const slot = byId.get(id);
      return slot ? refusalOf(slot.manifest, jurisdiction) : [];
    });
    return [...own, ...required];
  }

  function standing(id: string, organization: Organization): Standing {
    const slot = byId.get(id);
    if (!slot) return { on: false, by: 'not-loaded' };
    const reasons = refusalOf(slot.manifest, organization.jurisdiction);
    if (reasons.length > 0) return { on: false, by: 'law', reasons };
    if (!isSwitchedOn(slot, organization)) return { on: false, by: 'switch' };
    if (slot.state === 'faulty') return { on: false, by: 'fault' };
    if (slot.state !== 'loaded') return { on: false, by: 'not-loaded' };
    const off = slot.manifest.requires?.find((other) => !standing(other, organization).on);
    return off ? { on: false, by: 'requires', plugin: off } : { on: true };
  }

  function demand(id: string, organization: Organization): void {
    const found = standing(id, organization);
    if (found.on) return;
    const status = found.by === 'law' ? 451 : 409;
    throw refused('core.plugin-off', { ...found, status, plugin: id });
  }

  /** What was switched off above stays off below; else somebody's "on", else the manifest's word. */
  function isSwitchedOn({ manifest }: Slot, organization: Organization): boolean {
    const words = organization.path
      .split('.')
      .map((id) => parts.organizations.switchOf(id, manifest.id));
    if (words.includes(false)) return false;
    return words.includes(true) || manifest.initially !== 'off';
  }

  function fail(slot: Slot, where: string, error: unknown): void {
    slot.state = 'faulty';
    slot.fault = reasonOf(error);
    slot.contributions = {};
    parts.container.forget(slot.manifest.id);
    report(slot.manifest.id, where, error);
  }

  function report(plugin: string, where: string, error: unknown): void {
    parts.log.error({ plugin, where, err: error }, `plugin "${plugin}" failed: ${where}`);
    const message = error instanceof Error ? error.name : 'Error';
    faults.push({ plugin, where, at: parts.clock.now(), message });
    if (faults.length > faultsKept) faults.shift();
  }

  /** One at a time: who comes second finds what the first has loaded. */
  function load(migrate: MigratePlugins): Promise<string[]> {
    const turn = loading.then(() => loadNow(migrate));
    loading = turn.catch(() => {});
    return turn;
  }

  async function loadNow(migrate: MigratePlugins): Promise<string[]> {
    const tables = await parts.withTables();
    const wanted = slots.filter(
      (slot) => slot.state === 'absent' && wantedState(slot, tables) !== 'absent',
    );
    const asleep = slots.filter((slot) => slot.state === 'dormant');
    const waking = asleep.filter((slot) => wantedState(slot, tables) === 'loaded');
    if (wanted.length + waking.length === 0) return [];
    // Bundled code is read while its tables are seen to; what is wrong with it is told in its turn.
    for (const slot of wanted) if (slot.bundled) importPlugin(slot).catch(() => {});
    const { failed } = await migrate(
      [...waking, ...wanted].filter((slot) => wantedState(slot, tables) === 'loaded'),
    );
    for (const { plugin, error } of failed) fail(byId.get(plugin) as Slot, 'migration', error);
    const imported: { slot: Slot; plugin: Plugin }[] = [];
    for (const slot of wanted) {
      const plugin = await step(slot, 'import', () => importPlugin(slot));
      if (plugin) imported.push({ slot, plugin });
    }
    await provide(imported);
    for (const slot of waking) if (slot.state === 'dormant') slot.state = 'loaded';
    await contribute(imported, (slot) => wantedState(slot, tables));
    await settle();
    kept = await parts.withTables();
    return [...waking, ...imported.map(({ slot }) => slot)]
      .filter((slot) => slot.state !== 'faulty')
      .map((slot) => slot.manifest.id);
  }

  async function letGo(): Promise<void> {
    const tables = await parts.withTables();
    for (const slot of slots) {
      const { id } = slot.manifest;
      if (!kept.has(id) || tables.has(id)) continue;
      await end(slot);
      parts.container.forget(id);
      slot.state = 'absent';
      slot.contributions = {};
    }
    kept = tables;
  }

  /** Timers and sockets run while some organization has the plugin on, and no longer. */
  async function settle(): Promise<void> {
    for (const slot of slots) {
      const { id } = slot.manifest;
      const isWanted = parts.organizations.all().some((one) => standing(id, one).on);
      if (isWanted === running.has(id)) continue;
      if (!isWanted) await end(slot);
      else {
        running.add(id);
        await step(slot, 'start', () => slot.contributions.start?.());
      }
    }
  }

  function wantedState(slot: Slot, tables: Set<string>): PluginState {
    const lawful = parts.organizations
      .all()
      .some((organization) => refusalOf(slot.manifest, organization.jurisdiction).length === 0);
    if (lawful) return 'loaded';
    return tables.has(slot.manifest.id) ? 'dormant' : 'absent';
  }

  async function provide(imported: { slot: Slot; plugin: Plugin }[]): Promise<void> {
    for (const { slot, plugin } of imported) {
      await step(slot, 'provide', () =>
        plugin.provide?.(parts.container.bindFor(partyOf(slot.manifest))),
      );
    }
  }

  async function contribute(
    imported: { slot: Slot; plugin: Plugin }[],
    stateOf: (slot: Slot) => PluginState,
  ): Promise<void> {
    for (const { slot, plugin } of imported) {
      const given = await step(slot, 'contribute', () => {
        const contributions = plugin.contribute(parts.container.getFor(partyOf(slot.manifest)));
        requireSound(slot.manifest, contributions);
        return contributions;
      });
      if (!given) continue;
      slot.contributions = given;
      slot.state = stateOf(slot);
    }
  }

  /** One step of loading, bounded in time; a plugin whose requirement failed fails with it, named. */
  async function step<T>(
    slot: Slot,
    where: string,
    run: () => T | Promise<T>,
  ): Promise<T | undefined> {
    if (slot.state === 'faulty') return undefined;
    try {
      const broken = slot.manifest.requires?.find((id) => byId.get(id)?.state === 'faulty');
      if (broken) throw new Error(`It requires "${broken}", which could not be loaded.`);
      return await within(loadTimeout, `${where} did not end within ten seconds`, async () =>
        run(),
      );
    } catch (error) {
      fail(slot, where, error);
      return undefined;
    }
  }

  async function end(slot: Slot): Promise<void> {
    const { id } = slot.manifest;
    const { stop } = slot.contributions;
    if (!running.delete(id) || !stop) return;
    await within(loadTimeout, 'stop did not end', async () => stop()).catch((error: unknown) =>
      report(id, 'stop', error),
    );
  }

  return {
    all: () => slots,
    find: (id) => byId.get(id),
    standing,
    demand,
    isOn: (id, organization) => standing(id, organization).on,
    byPath: (segment) => byPath.get(segment),
    load,
    letGo,
    report,
    faults: () => faults,
    settle,
    async stop() {
      for (const slot of [...slots].reverse()) await end(slot);
    },
  };
}

export function partyOf(manifest: Manifest): Party {
  const { id, requires = [], enhances = [], offers = [] } = manifest;
  return { id, requires, enhances, offers };
}
