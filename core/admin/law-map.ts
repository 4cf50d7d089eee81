// The map of enforcement: every act and every rule, what it sets, what Rostra does with it, and how sure we are.
import { explain } from '../law/explain.ts';
import type { Citation } from '../law/gate.ts';
import { type Enforcement, keptBy, type RuleId, ruleIds, ruleName } from '../law/rules.ts';
import type { Scope } from '../scope.ts';
import type { LawBook } from '../services.ts';
import type { AdminDeps } from './deps.ts';
import { valueInWords } from './law-words.ts';

export const mapFilters = ['all', 'unverified', 'lapsed', 'unenforced'] as const;
export type MapFilter = (typeof mapFilters)[number];

interface Line {
  part: string;
  id: string;
  what: string;
  /** What it sets; empty where nothing is written. */
  lines: string[];
  enforce: Enforcement;
  reasons: ShownReason[];
  isVerified: boolean;
  isLapsed: boolean;
  isWritten: boolean;
}

export interface ShownReason {
  source: string;
  url: string | undefined;
  pack: string;
  version: string;
  asOf: string;
  since: string | undefined;
  confidence: Citation['confidence'];
}

/** `imprint.web` stands with the site, `breach.people` with the data. */
const partOf: Record<string, string> = {
  ...{ consent: 'reach', age: 'reach', calendar: 'reach', messaging: 'reach' },
  ...{ notices: 'data', targeting: 'data', roll: 'data', records: 'data' },
  ...{ requests: 'data', breach: 'data', retention: 'data' },
  ...{ election: 'election', money: 'money', imprint: 'site', cookies: 'site' },
};
const parts = ['acts', 'reach', 'data', 'election', 'money', 'site'] as const;

type MapDeps = Pick<AdminDeps, 'packs' | 'locales' | 'registry'>;

export function mapOf(deps: MapDeps, scope: Scope, jurisdiction: string, show: MapFilter) {
  const lines = [...actsOf(deps, scope, jurisdiction), ...rulesOf(deps, scope, jurisdiction)];
  const shown = lines.filter((line) => fits[show](line));
  return {
    counts: mapFilters.map((id) => ({ id, count: lines.filter((one) => fits[id](one)).length })),
    parts: parts
      .map((id) => ({ id, lines: shown.filter((line) => line.part === id) }))
      .filter((part) => part.lines.length > 0),
  };
}

const fits: Record<MapFilter, (line: Line) => boolean> = {
  all: () => true,
  unverified: ({ isVerified, isWritten }) => isWritten && !isVerified,
  lapsed: ({ isLapsed }) => isLapsed,
  unenforced: ({ enforce, isWritten }) => isWritten && (enforce === 'show' || enforce === 'none'),
};

/** Acts are all asked of the gate, so all of them are enforced. */
function actsOf({ packs }: MapDeps, scope: Scope, jurisdiction: string): Line[] {
  return explain(packs.asWritten(), jurisdiction, scope.now()).map((one) => {
    const conditions = one.conditions.map(({ sentence }) => scope.t(sentence.key, sentence.params));
    const verdict = scope.t(`law.verdict.${one.verdict}`);
    return {
      ...{ part: 'acts', id: one.capability, what: scope.t(one.name), enforce: 'block' },
      lines: one.silence ? [scope.t(one.silence)] : [verdict, ...conditions],
      ...certaintyOf(one.unwritten ? [] : one.reasons, one.provisional),
    };
  });
}

function rulesOf(deps: MapDeps, scope: Scope, jurisdiction: string): Line[] {
  const when = scope.now();
  return ruleIds.map((id: RuleId) => {
    const { value, enforce, reasons, provisional } = deps.packs.rule(jurisdiction, id, { when });
    const isWritten = value !== undefined;
    return {
      ...{ part: partOf[id.split('.')[0] ?? ''] ?? 'data', id, what: scope.t(ruleName(id)) },
      enforce,
      lines: [
        ...valueInWords(deps.locales, scope, id, value),
        ...(isWritten && isUnkept(deps, id) ? [scope.t(`law.unkept.${id}`)] : []),
      ],
      ...certaintyOf(isWritten ? reasons : [], provisional),
    };
  });
}

/** Also of a plugin that is off what it brought in is still here. */
function isUnkept({ registry }: MapDeps, id: RuleId): boolean {
  const act = keptBy.get(id);
  if (!act) return false;
  return !registry.all().some(({ state, manifest: { capabilities = {} } }) => {
    const { needs = [], uses = [] } = capabilities;
    return state !== 'absent' && [...needs, ...uses].includes(act);
  });
}

function certaintyOf(reasons: readonly Citation[], isLapsed: boolean) {
  return {
    reasons: reasons.map(shownReason),
    isVerified: reasons.every(({ confidence }) => confidence === 'V' || confidence === 'S'),
    ...{ isLapsed, isWritten: reasons.length > 0 },
  };
}

/** What is written alone: of the rest there is nothing to show to an authority. */
export function makeLawBook(deps: MapDeps): LawBook {
  return {
    async lines(scope) {
      const { jurisdiction } = scope.organization;
      const all = [...actsOf(deps, scope, jurisdiction), ...rulesOf(deps, scope, jurisdiction)];
      return all
        .filter((line) => line.isWritten)
        .map(({ id, what, lines, enforce, reasons, isVerified, isLapsed }) => ({
          ...{ id, what, says: lines, enforce, isVerified, isProvisional: isLapsed },
          sources: reasons.map(({ source, asOf, pack, version }) => ({
            source,
            asOf,
            pack,
            version,
          })),
        }));
    },
  };
}

export function shownReason(reason: Citation): ShownReason {
  const { source, url, pack, version, asOf, since, confidence } = reason;
  return { source, url, pack, version, asOf, since, confidence };
}
