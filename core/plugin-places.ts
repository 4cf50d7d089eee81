// Whether what a plugin puts on pages of others has a place there: a misspelt slot would stay silent.

import { navSections } from './admin/nav.ts';
import type { Manifest } from './manifest.ts';
import type { Contributions } from './plugin.ts';

/** Slots of the core's own pages. */
const coreSlots = ['core.home'];

export interface LostPlace {
  kind: 'panel' | 'nav';
  /** The slot, or the section of the navigation. */
  place: string;
  /** View of the panel, address of the item. */
  what: string;
}

/** Slots of a plugin that `manifest` enhances and that is not among `known` are not looked at. */
export function lostPlaces(
  { enhances = [] }: Manifest,
  { panels = [], nav = [] }: Contributions,
  known: readonly Manifest[],
): LostPlace[] {
  const isOffered = (slot: string): boolean => {
    const owner = known.find(({ id }) => slot.startsWith(`${id}.`));
    if (owner) return owner.slots?.includes(slot) ?? false;
    return coreSlots.includes(slot) || enhances.some((id) => slot.startsWith(`${id}.`));
  };
  const isSection = (name: string): boolean => navSections.some((section) => section === name);
  return [
    ...panels
      .filter(({ slot }) => !isOffered(slot))
      .map(({ slot, view }) => ({ kind: 'panel' as const, place: slot, what: view })),
    ...nav
      .filter(({ section }) => !isSection(section))
      .map(({ section, href }) => ({ kind: 'nav' as const, place: section, what: href })),
  ];
}

/** For the log and for `rostra plugin check`. */
export function sentenceOnLost({ kind, place, what }: LostPlace): string {
  return kind === 'panel'
    ? `The panel "${what}" is for the slot "${place}", which neither the core nor a plugin names in slots of its plugin.json.`
    : `The item ${what} is for the section "${place}"; there are ${navSections.join(', ')}.`;
}
