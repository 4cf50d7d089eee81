// Reads one pack's text against the schema; a fault names the file and the rule.
import { Ajv, type ErrorObject } from 'ajv';
import { type Pack, PackSchema } from './schema.ts';
import { isCapability } from './vocabulary.ts';

const fits = new Ajv({
  allErrors: true,
  strict: false,
  meta: false,
  validateSchema: false,
}).compile<Pack>(PackSchema);

/** The pack, or `undefined` with its faults added to the list. */
export function checkPack(file: string, text: string, faults: string[]): Pack | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    faults.push(`${file} is not JSON: ${(error as Error).message}`);
    return undefined;
  }
  if (!fits(value)) {
    const found = fits.errors ?? [];
    faults.push(...found.map((error) => `${file}: ${placeOf(error)} ${sayingOf(error)}.`));
    return undefined;
  }
  const wrong = wrongsOf(value);
  faults.push(...wrong.map((sentence) => `${file}: ${sentence}.`));
  return wrong.length === 0 ? value : undefined;
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

function wrongsOf(pack: Pack): string[] {
  const wrongs: string[] = [];
  for (const [word, versions] of Object.entries(pack.capabilities)) {
    if (!isCapability(word)) wrongs.push(`capabilities.${word} is no word of the vocabulary`);
    for (const { value, requires } of versions) {
      if ((value === 'conditional') === (requires !== undefined)) continue;
      wrongs.push(`capabilities.${word} must name what it requires if, and only if, conditional`);
    }
  }
  if (!Intl.supportedValuesOf('timeZone').includes(pack.timeZone)) {
    wrongs.push(`timeZone ${pack.timeZone} is no IANA time zone`);
  }
  return wrongs;
}
