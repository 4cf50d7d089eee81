// The form of an organization: what it asks, what it is filled with, and what becomes of the answers.

import type { Static } from 'typebox';
import { isTimeZone } from '../law/timeline.ts';
import type { LegalIdentity, Organization } from '../organizations/organization.ts';
import type { OrganizationChanges } from '../organizations/organizations.ts';
import type { Scope } from '../scope.ts';
import { Type } from '../type.ts';
import type { AdminDeps } from './deps.ts';
import { jurisdictionName, languageName, timeZoneOptions } from './place.ts';

const line = Type.Optional(Type.String({ maxLength: 200 }));
const lines = Type.Optional(Type.String({ maxLength: 1000 }));

export const OrganizationForm = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 120 }),
  jurisdiction: line,
  locale: line,
  timeZone: line,
  hosts: lines,
  controller: line,
  address: lines,
  contact: Type.Optional(Type.String({ format: 'email', maxLength: 254 })),
  publicationDirector: line,
  host: lines,
});
export const ChapterForm = Type.Object({
  ...OrganizationForm.properties,
  slug: Type.String({ minLength: 2, maxLength: 40 }),
});

type Answers = Static<typeof OrganizationForm> & { slug?: string };
type Read = { value: OrganizationChanges } | { faults: Record<string, string> };

const slugPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const hostPattern =
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** Empty answers are left out: there the chapter takes what stands above it. */
export function asChanges(scope: Scope, answers: Answers): Read {
  const hosts = hostsIn(answers.hosts);
  const faults: Record<string, string> = {};
  const wrong = hosts.find((host) => !hostPattern.test(host));
  if (wrong) faults.hosts = scope.t('admin.organizations.hosts.fault', { host: wrong });
  if (answers.slug !== undefined && !slugPattern.test(answers.slug)) {
    faults.slug = scope.t('admin.organizations.slug.fault');
  }
  if (answers.timeZone && !isTimeZone(answers.timeZone)) {
    faults.timeZone = scope.t('admin.organizations.timeZone.fault');
  }
  if (Object.keys(faults).length > 0) return { faults };
  const { name, jurisdiction, locale, timeZone } = answers;
  const { controller, address, contact, publicationDirector, host } = answers;
  const legal = { controller, address, contact, publicationDirector, host };
  // The form of a chapter's staff does not ask for hosts: they stay as they are.
  const isAsked = !scope.bound || answers.hosts !== undefined;
  return {
    value: { name, jurisdiction, locale, timeZone, legal, ...(isAsked && { hosts }) },
  };
}

function hostsIn(text = ''): string[] {
  const written = text.split(/[\s,]+/).filter(Boolean);
  return [...new Set(written.map((host) => host.toLowerCase()))];
}

export function valuesOf({ organizations }: AdminDeps, one: Organization): Record<string, unknown> {
  const { name, jurisdiction, locale, timeZone, legal } = one;
  const hosts = organizations.hostsOf(one.id).join('\n');
  return { name, jurisdiction, locale, timeZone, hosts, ...legal };
}

/**
 * What stands there by inheritance comes back from the form as it was shown, and must not become
 * the chapter's own: only what was changed is written, of the legal identity what differs from above.
 */
export function onlyOwn(
  { organizations }: Pick<AdminDeps, 'organizations'>,
  one: Organization,
  changes: OrganizationChanges,
): OrganizationChanges {
  const { jurisdiction, locale, timeZone } = changes;
  const above: LegalIdentity = organizations.find(one.parentId ?? '')?.legal ?? {};
  const legal = Object.entries(changes.legal ?? {}).filter(
    ([key, value]) => value !== above[key as keyof LegalIdentity],
  );
  return {
    ...changes,
    jurisdiction: jurisdiction === one.jurisdiction ? undefined : jurisdiction,
    locale: locale === one.locale ? undefined : locale,
    timeZone: timeZone === one.timeZone ? undefined : timeZone,
    legal: Object.fromEntries(legal),
  };
}

/** What only the party changes, for the staff of a chapter to read. */
export function partysOf(
  { organizations }: Pick<AdminDeps, 'organizations'>,
  scope: Scope,
  one: Pick<Organization, 'id' | 'jurisdiction'>,
) {
  if (!scope.bound) return undefined;
  const law = jurisdictionName(scope.locale, one.jurisdiction);
  return { law, hosts: organizations.hostsOf(one.id).join(', ') };
}

/** What the selects offer. */
export function choicesFor({ packs, locales }: AdminDeps, scope: Scope) {
  const named = packs.ids.map((id) => ({ value: id, label: jurisdictionName(scope.locale, id) }));
  return {
    jurisdictions: named.sort((a, b) => a.label.localeCompare(b.label, scope.locale)),
    locales: locales.known.map((tag) => ({ value: tag, label: languageName(tag) })),
    timeZones: timeZoneOptions(),
  };
}
