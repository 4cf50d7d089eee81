// The forms of the register of breaches: what staff write, read into facts, and shown again as it was written.
import { type Scope, type Static, Type, toLocal } from 'rostra/plugin';
import {
  type Breach,
  type BreachFacts,
  type BreachKind,
  findInstant,
  kindsOfBreach,
  type Risk,
  risks,
} from './breach.sql.ts';
import type { Deps } from './deps.ts';

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const words = (maxLength: number) => Type.Optional(Type.String({ maxLength }));
const local = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2})?$' });
const number = Type.Optional(Type.Integer({ minimum: 0, maximum: 2_000_000_000 }));

export const BreachForm = Type.Object({
  happenedAt: Type.Optional(local),
  knownAt: local,
  what: text(5000),
  kinds: Type.Array(Type.String({ enum: [...kindsOfBreach] }), { minItems: 1, maxItems: 3 }),
  data: Type.Array(text(100), { maxItems: 100 }),
  dataMore: words(2000),
  peopleCount: number,
  recordCount: number,
  concerned: words(2000),
  consequences: words(5000),
  measures: words(5000),
  risk: Type.Optional(Type.String({ enum: [...risks] })),
  countries: Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }), { maxItems: 300, default: [] }),
  emails: words(20_000),
  seen: words(20),
});
export const ReportForm = Type.Object({
  reportedAt: local,
  reportNumber: words(200),
  lateReason: words(5000),
});
export const TellForm = Type.Object({ toldAt: local, toldHow: text(2000) });
export const BecauseForm = Type.Object({ reason: text(5000) });
export const DelayForm = Type.Object({ lateReason: text(5000) });
export const NameForm = Type.Object({ emails: text(20_000) });
export const PickForm = Type.Object({ breach: Type.String({ pattern: '^\\d{1,18}$' }) });
export const BreachQuery = Type.Object({
  show: Type.String({ enum: ['open', 'closed', 'all'], default: 'open' }),
  skip: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 }),
});

type Faults = Record<string, string>;
type Read<T> =
  | ({ faults?: undefined } & T)
  | ({ faults: Faults } & { [Name in keyof T]?: undefined });

/** What happened comes before it is known, and that before now. */
export async function readFacts(
  scope: Scope,
  typed: Static<typeof BreachForm>,
): Promise<Read<{ facts: BreachFacts }>> {
  const faults: Faults = {};
  const knownAt = await instant(scope, 'knownAt', typed.knownAt, faults);
  const happenedAt = await instant(scope, 'happenedAt', typed.happenedAt, faults);
  if (knownAt && happenedAt && happenedAt > knownAt) {
    faults['happenedAt'] ??= scope.t('privacy.breach.fault.order');
  }
  if (!knownAt || Object.keys(faults).length > 0) return { faults };
  const facts = {
    ...{ happenedAt: happenedAt ?? null, knownAt, what: typed.what },
    kinds: kindsOfBreach.filter((kind): kind is BreachKind => typed.kinds.includes(kind)),
    ...{ data: [...new Set(typed.data)].sort(), dataMore: typed.dataMore ?? null },
    ...{ peopleCount: typed.peopleCount ?? null, recordCount: typed.recordCount ?? null },
    ...{ concerned: typed.concerned ?? null, consequences: typed.consequences ?? null },
    ...{ measures: typed.measures ?? null, risk: (typed.risk as Risk | undefined) ?? null },
  };
  return { facts };
}

/** A report after the deadline is accompanied by reasons for the delay (GDPR 33(1)). */
export async function readReport(
  scope: Scope,
  breach: Pick<Breach, 'knownAt' | 'dueAt'>,
  typed: Static<typeof ReportForm>,
): Promise<
  Read<{ said: { reportedAt: Date; reportNumber: string | null; lateReason: string | null } }>
> {
  const faults: Faults = {};
  const reportedAt = await instant(scope, 'reportedAt', typed.reportedAt, faults, breach.knownAt);
  if (reportedAt && breach.dueAt && reportedAt > breach.dueAt && !typed.lateReason) {
    faults['lateReason'] = scope.t('privacy.breach.fault.late');
  }
  if (!reportedAt || Object.keys(faults).length > 0) return { faults };
  const { reportNumber = null, lateReason = null } = typed;
  return { said: { reportedAt, reportNumber, lateReason } };
}

export async function readTelling(
  scope: Scope,
  breach: Breach,
  typed: Static<typeof TellForm>,
): Promise<Read<{ said: { toldAt: Date; toldHow: string } }>> {
  const faults: Faults = {};
  const toldAt = await instant(scope, 'toldAt', typed.toldAt, faults, breach.knownAt);
  if (!toldAt || Object.keys(faults).length > 0) return { faults };
  return { said: { toldAt, toldHow: typed.toldHow } };
}

const mostAddresses = 500;

/** Whose the addresses are, as far as the scope sees people; pasted as a mail program shows them. */
export async function readPeople(
  scope: Scope,
  deps: Deps,
  typed = '',
): Promise<Read<{ personIds: string[] }>> {
  const addresses = [...new Set(typed.split(/[\s,;<>"()]+/).filter((word) => word.includes('@')))];
  if (typed.trim() && addresses.length === 0) {
    return { faults: { emails: scope.t('privacy.breach.fault.no-address') } };
  }
  if (addresses.length > mostAddresses) {
    const params = { most: mostAddresses };
    return { faults: { emails: scope.t('privacy.breach.fault.many', params) } };
  }
  const personIds: string[] = [];
  const strangers: string[] = [];
  for (const address of addresses) {
    const person = await deps.people.findByEmail(scope, address);
    if (person) personIds.push(person.id);
    else strangers.push(address);
  }
  if (strangers.length === 0) return { personIds };
  const shown = new Intl.ListFormat(scope.locale).format(strangers.slice(0, 10));
  const params = { addresses: shown, more: Math.max(0, strangers.length - 10) };
  return { faults: { emails: scope.t('privacy.breach.fault.strangers', params) } };
}

/** As the form is filled when a breach is opened to be changed. */
export function typedOf(scope: Scope, breach: Breach): Record<string, unknown> {
  const { happenedAt, knownAt } = breach;
  return {
    ...breach,
    happenedAt: happenedAt ? localOf(scope, happenedAt) : undefined,
    knownAt: localOf(scope, knownAt),
    countries: breach.abroad.map(({ country }) => country),
    seen: breach.lastChange,
  };
}

/** `2026-11-24T10:00` on the organization's clock. */
export const localOf = (scope: Scope, at: Date): string => toLocal(at, scope.organization.timeZone);

/** Neither after now nor before it was known. */
async function instant(
  scope: Scope,
  field: string,
  typed: string | undefined,
  faults: Faults,
  since?: Date,
): Promise<Date | undefined> {
  if (!typed) return undefined;
  if (!isOnCalendar(typed)) {
    faults[field] = scope.t('privacy.breach.fault.no-time');
    return undefined;
  }
  const at = await findInstant(scope, typed);
  // A minute that has begun is not yet over: forms know no seconds.
  const wanted = since && Math.floor(since.getTime() / 60_000) * 60_000;
  if (at > scope.now()) faults[field] = scope.t('privacy.breach.fault.future');
  else if (wanted !== undefined && at.getTime() < wanted) {
    faults[field] = scope.t('privacy.breach.fault.before');
  }
  return at;
}

function isOnCalendar(local: string): boolean {
  const minute = local.slice(0, 16);
  const at = new Date(`${minute}:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(minute);
}
