// What the privacy page and the imprint say: drawn from the plugins that are on and from the legal identity.
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';

export interface Practice {
  what: string;
  why: string;
  basis: string;
  source: string;
  keep: string;
  processors: string[];
}

const kindsOfData = [
  'user.name',
  'user.contact.email',
  'user.contact.phone_number',
  'user.contact.address',
  'user.contact',
  'user.political_opinion',
  'user.demographic.political_opinion',
  'user.demographic',
  'user.behavior',
  'user.consent',
  'user.social',
  'user.financial',
  'user.professional_information',
  'user',
];

/** Every practice of every plugin that is on. */
export async function practicesOf(scope: Scope, deps: Deps): Promise<Practice[]> {
  const all = await deps.plugins.dataPractices(scope);
  return all.map(({ data, purpose, basis, source, keep, processors }) => ({
    what: scope.t(`website.data.${kindOf(data)}`),
    why: scope.t(purpose),
    basis: scope.t(`website.basis.${basis}`),
    source: scope.t(`website.source.${source}`),
    keep: durationOf(scope, keep),
    processors: processors.map(({ name, country }) => `${name} (${countryName(scope, country)})`),
  }));
}

/** The nearest word of the taxonomy that we have words for: `user.contact.url` is `user.contact`. */
function kindOf(data: string): string {
  return kindsOfData.find((kind) => data === kind || data.startsWith(`${kind}.`)) ?? 'user';
}

const units = { Y: 'years', M: 'months', W: 'weeks', D: 'days' } as const;

/** `P3Y` is `3 years`; `relation` a sentence of its own. */
function durationOf(scope: Scope, keep: string): string {
  const parts = [...keep.matchAll(/(\d+)([YMWD])/g)].map(([, n, unit]) =>
    scope.t(`website.keep.${units[unit as keyof typeof units]}`, { n: Number(n) }),
  );
  if (parts.length === 0) return scope.t('website.keep.relation');
  return new Intl.ListFormat(scope.locale, { type: 'unit' }).format(parts);
}

function countryName(scope: Scope, code: string): string {
  return new Intl.DisplayNames(scope.locale, { type: 'region' }).of(code) ?? code;
}

/** Whom one may complain to, where we know it by name. */
export function authorityOf(scope: Scope): { name: string; href: string } | undefined {
  const [country = ''] = scope.organization.jurisdiction.split('-');
  return authorities[country];
}

const authorities: Record<string, { name: string; href: string }> = {
  fr: {
    name: 'Commission nationale de l’informatique et des libertés (CNIL)',
    href: 'https://www.cnil.fr/fr/plaintes',
  },
  eu: {
    name: 'European Data Protection Board',
    href: 'https://www.edpb.europa.eu/about-edpb/about-edpb/members_en',
  },
  gb: {
    name: 'Information Commissioner’s Office (ICO)',
    href: 'https://ico.org.uk/make-a-complaint/',
  },
};

/** Each line of an address by itself. */
export function linesOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
