// Reads one pack's text against the schema; a fault names the file and the rule.
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Kind } from './kind.ts';
import { kinds } from './kinds.ts';
import { enforced, isRuleId, kindOf, type RuleId } from './rules.ts';
import { type Pack, PackSchema, type RuleVersion } from './schema.ts';
import { isCapability } from './vocabulary.ts';

/** Made when the first file is checked: an install that has none of its own never pays for it. */
let compiled: ValidateFunction<Pack> | undefined;
const schemaCheck = () => {
  const options = { allErrors: true, strict: false, meta: false, validateSchema: false };
  compiled ??= new Ajv(options).compile<Pack>(PackSchema);
  return compiled;
};

/** The pack, or `undefined` with its faults added to the list. */
export function checkPack(file: string, text: string, faults: string[]): Pack | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    faults.push(`${file} is not JSON: ${(error as Error).message}`);
    return undefined;
  }
  const fits = schemaCheck();
  if (!fits(value)) {
    const found = fits.errors ?? [];
    faults.push(
      ...found.map((error) => {
        const line = lineOf(text, error.instancePath.split('/').slice(1, 3).join('.'));
        return `${file}: ${placeOf(error)} ${sayingOf(error)}${line}.`;
      }),
    );
    return undefined;
  }
  const wrong = wrongsOf(value);
  faults.push(...wrong.map(([rule, why]) => `${file}: ${rule} ${why}${lineOf(text, rule)}.`));
  if (wrong.length > 0) return undefined;
  texts.set(value, { file, text });
  return value;
}

/** As they were read, to tell later where a rule stands. */
const texts = new WeakMap<Pack, { file: string; text: string }>();

/** `fr.json`, or the whole path of one that was checked. */
export function fileOf(pack: Pack): string {
  return texts.get(pack)?.file ?? `${pack.id}.json`;
}

/** ` (line 12)` of a rule such as `rules.money.cash`; nothing for a pack that is no file. */
export function placeIn(pack: Pack, rule: string): string {
  const text = texts.get(pack)?.text;
  return text === undefined ? '' : lineOf(text, rule);
}

function lineOf(text: string, rule: string): string {
  const [section = '', ...id] = (rule.split(',')[0] ?? '').split('.');
  const start = text.indexOf(`"${section}"`);
  const found = start < 0 || id.length === 0 ? start : text.indexOf(`"${id.join('.')}"`, start);
  return found < 0 ? '' : ` (line ${text.slice(0, found).split('\n').length})`;
}

/** `/capabilities/enrich.social/0/source` as `capabilities.enrich.social, version 1, source`. */
function placeOf({ instancePath }: ErrorObject): string {
  const [section, rule, index, ...rest] = instancePath.split('/').slice(1);
  if (section === undefined) return 'the pack';
  if (rule === undefined) return section;
  const version = index === undefined ? [] : [`version ${Number(index) + 1}`];
  return [`${section}.${rule}`, ...version, ...rest].join(', ');
}

function sayingOf({ keyword, message, params }: ErrorObject): string {
  if (keyword === 'enum') return `must be one of ${params['allowedValues'].join(', ')}`;
  if (keyword === 'additionalProperties') {
    return `must not have "${params['additionalProperty']}"`;
  }
  return message ?? 'does not fit the schema';
}

/** Asked for once: the list is long. */
let zones: Set<string> | undefined;

type Wrong = readonly [rule: string, why: string];

function wrongsOf(pack: Pack): Wrong[] {
  const wrongs: Wrong[] = [];
  for (const [word, versions] of Object.entries(pack.capabilities)) {
    const rule = `capabilities.${word}`;
    if (!isCapability(word)) wrongs.push([rule, 'is no word of the vocabulary']);
    for (const { value, requires, confidence } of versions) {
      if (confidence === 'U' && value !== 'denied') wrongs.push([rule, uncertain]);
      if ((value === 'conditional') === (requires !== undefined)) continue;
      wrongs.push([rule, 'must name what it requires if, and only if, conditional']);
    }
  }
  for (const [id, versions] of Object.entries(pack.rules ?? {}))
    wrongs.push(...wrongsOfRule(pack, id, versions));
  zones ??= new Set(Intl.supportedValuesOf('timeZone'));
  if (!zones.has(pack.timeZone)) {
    wrongs.push(['timeZone', `${pack.timeZone} is no IANA time zone`]);
  }
  return wrongs;
}

const uncertain = 'is uncertain (U), so it may deny but not allow';

function wrongsOfRule(pack: Pack, id: string, versions: readonly RuleVersion[]): Wrong[] {
  const rule = `rules.${id}`;
  if (!isRuleId(id)) return [[rule, 'is no rule of the vocabulary']];
  const isOverride = pack.overrides?.some((one) => one.rule === rule) ?? false;
  return versions.flatMap((version, index) => {
    const why = wrongIn(id, version, isOverride);
    return why ? [[`${rule}, version ${index + 1},`, why] as const] : [];
  });
}

function wrongIn(id: RuleId, version: RuleVersion, isOverride: boolean): string | undefined {
  const { value, enforce, confidence } = version;
  const kind = kinds[kindOf(id)] as Kind<unknown>;
  const fault = kind.fault(value);
  if (fault) return `value (${kindOf(id)}) ${fault}`;
  const isActed = enforce !== 'show' && enforce !== 'none';
  if (isActed && !enforced.has(id))
    return `says "${enforce}", but nothing in Rostra enforces it: say "show"`;
  const allows = isOverride || (isActed && kind.isFree(kind.read(value)));
  return confidence === 'U' && allows ? uncertain : undefined;
}
