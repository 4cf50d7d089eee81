// The simulator: one act or rule, a person, a day; the answer of the gate in sentences, with its texts.
import type { Static } from 'typebox';
import type { Decision, Ruling } from '../law/gate.ts';
import { isRuleId, type RuleId, ruleIds, ruleName } from '../law/rules.ts';
import { dayOf, instantOf } from '../law/timeline.ts';
import {
  capabilities,
  capabilityName,
  conditionSentence,
  isCapability,
  leastAge,
} from '../law/vocabulary.ts';
import type { Scope } from '../scope.ts';
import { Type } from '../type.ts';
import type { AdminDeps } from './deps.ts';
import { shownReason } from './law-map.ts';
import { valueInWords } from './law-words.ts';

export const AskedSchema = Type.Object({
  word: Type.String({ default: '', maxLength: 60 }),
  country: Type.String({ default: '', maxLength: 2 }),
  age: Type.String({ default: '', pattern: '^\\d{0,3}$' }),
  day: Type.String({ default: '', pattern: '^(\\d{4}-\\d{2}-\\d{2})?$' }),
});
type Asked = Static<typeof AskedSchema>;

export function askPage(deps: AdminDeps, scope: Scope, asked: Asked) {
  const day = isDay(asked.day) ? asked.day : dayOf(scope.now(), scope.organization.timeZone);
  return {
    asked: { ...asked, day },
    groups: [
      {
        label: scope.t('admin.lawPage.acts'),
        options: capabilities.map(optionOf(scope, capabilityName)),
      },
      { label: scope.t('admin.lawPage.rules'), options: ruleIds.map(optionOf(scope, ruleName)) },
    ],
    countries: countriesOf(deps, scope),
    answer: answerOf(deps, scope, { ...asked, day }),
  };
}

const optionOf = (scope: Scope, name: (word: string & RuleId) => string) => (value: string) => ({
  value,
  label: scope.t(name(value as RuleId)),
});

function isDay(day: string): boolean {
  const parsed = Date.parse(`${day}T00:00:00Z`);
  return day >= '1000' && !Number.isNaN(parsed) && new Date(parsed).toISOString().startsWith(day);
}

/** Those whose law is known here: of a person anywhere else, that of the organization is asked alone. */
function countriesOf({ packs }: AdminDeps, { locale }: Scope) {
  const names = new Intl.DisplayNames([locale], { type: 'region' });
  const known = new Set(packs.ids.flatMap((id) => packs.lineage(id)).flatMap((p) => p.countries));
  return [...known]
    .map((value) => ({ value, label: names.of(value) ?? value }))
    .sort((a, b) => a.label.localeCompare(b.label, locale));
}

function answerOf(deps: AdminDeps, scope: Scope, { word, country, age, day }: Asked) {
  const when = new Date(instantOf(`${day}T12:00`, scope.organization.timeZone));
  const person = { ...(country && { country }), ...(age && { age: Number(age) }) };
  if (isCapability(word)) {
    const decision = scope.law.decide({ capability: word, person, when });
    return { what: scope.t(capabilityName(word)), ...decided(scope, decision, person.age) };
  }
  if (!isRuleId(word)) return undefined;
  const asked = { person, election: { country }, when };
  const ruling = deps.packs.rule(scope.organization.jurisdiction, word, asked);
  return { what: scope.t(ruleName(word)), ...ruled(deps, scope, word, ruling) };
}

/** What only waits for conditions is allowed under them; an age that is known and too low is a no. */
function decided(scope: Scope, { effect, reasons, provisional }: Decision, age?: number) {
  const missing = [...new Set(reasons.flatMap((reason) => reason.missing ?? []))];
  const isTooYoung = missing.some((one) => (leastAge(one) ?? 0) > (age ?? Infinity));
  const waits = reasons.every((reason) => reason.missing) && !isTooYoung;
  const verdict = effect === 'allow' ? 'allow' : waits ? 'conditional' : 'deny';
  const silent = reasons.find(({ rule }) => rule.startsWith('default.'));
  return {
    verdict,
    sentence: scope.t(silent ? `law.${silent.rule}` : `admin.lawPage.answer.${verdict}`),
    lines: missing.map(conditionSentence).map(({ key, params }) => scope.t(key, params)),
    ...{ reasons: silent ? [] : reasons.map(shownReason), provisional },
  };
}

function ruled(deps: AdminDeps, scope: Scope, id: RuleId, { value, ...said }: Ruling<unknown>) {
  const isWritten = value !== undefined;
  return {
    verdict: undefined,
    sentence: scope.t(isWritten ? `law.enforce.${said.enforce}` : 'admin.lawPage.unwritten'),
    lines: valueInWords(deps.locales, scope, id, value),
    ...{ reasons: isWritten ? said.reasons.map(shownReason) : [], provisional: said.provisional },
  };
}
