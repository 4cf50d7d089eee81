// The plugins: found, checked, sorted, loaded, and whether each is on for an organization.

import type { Reason } from './law/gate.ts';
import type { Manifest } from './manifest.ts';
import type { Organization } from './organizations/organization.ts';
import type { Contributions } from './plugin.ts';

/** Absent: not imported, no table. Dormant: not allowed anywhere, but its tables exist. Loaded: on or off per organization. */
export type PluginState = 'absent' | 'dormant' | 'loaded' | 'faulty';

export interface FoundPlugin {
  readonly manifest: Manifest;
  /** Absolute path of its folder. */
  readonly folder: string;
  readonly bundled: boolean;
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

export interface Registry {
  /** All that were found, in order of `requires`. */
  all(): readonly FoundPlugin[];
  find(id: string): FoundPlugin | undefined;
  /** Asked at each use; answers from memory. */
  standing(id: string, organization: Organization): Standing;
  isOn(id: string, organization: Organization): boolean;
  /** The plugin whose `paths` hold this first segment, e.g. `/sms`. */
  byPath(segment: string): FoundPlugin | undefined;
}
