// A breach in words: which data, how many, and what changed from what to what.
import { onClock, type Scope } from 'rostra/plugin';
import type { Abroad, Breach, FieldChange } from './breach.sql.ts';
import { abroadWord } from './breach-abroad.ts';

/** Words of the data taxonomy that have a sentence here; the longer before what they begin with. */
const known = [
  ...(['user.name', 'user.contact.email', 'user.contact.phone_number'] as const),
  ...(['user.contact.address', 'user.contact', 'user.political_opinion'] as const),
  ...(['user.demographic', 'user.behavior', 'user.consent', 'user.social'] as const),
  ...(['user.financial', 'user.professional_information', 'user'] as const),
];

export function dataWord(scope: Scope, data: string): string {
  const nearest = known.find((one) => data === one || data.startsWith(`${one}.`));
  return scope.t(`privacy.data.${nearest ?? 'user'}`);
}

export function dataWords(scope: Scope, { data, dataMore }: Pick<Breach, 'data' | 'dataMore'>) {
  const words = [...new Set(data.map((one) => dataWord(scope, one)))];
  return [...words, ...(dataMore ? [dataMore] : [])];
}

export function kindWords(scope: Scope, kinds: readonly string[]): string[] {
  return kinds.map((kind) => scope.t(`privacy.breach.kind.${kind}`));
}

export function whenWord(scope: Scope, at: Date): string {
  return onClock(at, scope.organization.timeZone, scope.locale);
}

const times: ReadonlySet<string> = new Set([
  ...['happenedAt', 'knownAt', 'dueAt', 'reportedAt', 'unreportedAt', 'toldAt', 'closedAt'],
]);
/** What follows from another field, or is told by the step itself. */
const unsaid: ReadonlySet<string> = new Set(['dueSource', 'unreportedAt', 'closedAt']);

/** A line a field: what stands there now, and what stood there before. */
export function changeLines(scope: Scope, changes: readonly FieldChange[]): string[] {
  return changes
    .filter(({ field }) => !unsaid.has(field))
    .map(({ field, before, after }) => {
      const params = {
        field: scope.t(`privacy.breach.field.${field}`),
        before: valueWord(scope, field, before),
        after: valueWord(scope, field, after),
      };
      const isNew = before === null || (Array.isArray(before) && before.length === 0);
      return scope.t(isNew ? 'privacy.breach.change.new' : 'privacy.breach.change', params);
    });
}

function valueWord(scope: Scope, field: string, value: unknown): string {
  if (value === null || value === undefined) return scope.t('privacy.breach.change.nothing');
  if (times.has(field)) return whenWord(scope, new Date(String(value)));
  if (field === 'risk') return scope.t(`privacy.breach.risk.${value}`);
  if (typeof value === 'number') return new Intl.NumberFormat(scope.locale).format(value);
  if (!Array.isArray(value)) return String(value);
  if (field === 'abroad') {
    const clocks = value.map((one: Abroad) => abroadWord(scope, one, (at) => whenWord(scope, at)));
    return clocks.join('; ') || scope.t('privacy.breach.change.nothing');
  }
  const words =
    field === 'kinds' ? kindWords(scope, value) : dataWords(scope, { data: value, dataMore: null });
  if (words.length === 0) return scope.t('privacy.breach.change.nothing');
  return new Intl.ListFormat(scope.locale).format(words);
}
