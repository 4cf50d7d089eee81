// The e-mail addresses and telephone numbers of a row, and which of them are dead.
import type { Fault, Scope } from 'rostra/plugin';
import { type Cells, isSaid } from './import-cells.ts';
import type { ImportField } from './import-fields.ts';
import { dialledFrom, emailOf, line, numberOf } from './prepare.ts';
import { lineOf, type PhoneLine } from './telephone-line.ts';

export interface Way {
  address: string;
  state: 'ok' | 'bad' | 'bounced';
  isMobile?: boolean;
}
/** A telephone number; beside what its digits tell stands what the file calls it. */
export interface Phone extends Way {
  line: PhoneLine;
}

const slots = [1, 2, 3, 4] as const;

/** Once each, the first is the one to write to. What the file calls dead may be no address at all. */
export function emailsOf(cells: Cells, faults: Fault[]): Way[] {
  const ways = new Map<string, Way>();
  const add = (typed: string, state: Way['state']): void => {
    const wrong: Fault[] = [];
    const address = emailOf(typed, wrong);
    if (state === 'ok') faults.push(...wrong);
    if (!address) return;
    const known = ways.get(address);
    ways.set(address, known && state === 'ok' ? known : { address, state });
  };
  for (const typed of several(cells.value('emailAddress'))) {
    add(typed, isSaid(cells, 'emailBad') ? 'bad' : stateAmongSlots(cells, typed));
  }
  for (const slot of slots) {
    for (const typed of several(cells.value(`email${slot}`))) add(typed, stateOf(cells, slot));
  }
  return [...ways.values()].slice(0, 8);
}

function stateOf(cells: Cells, slot: (typeof slots)[number]): Way['state'] {
  if (isSaid(cells, `email${slot}Bad`)) return 'bad';
  return isSaid(cells, `email${slot}Bouncing`) ? 'bounced' : 'ok';
}

/** The main address stands in one of the four as well, and there with its marks. */
function stateAmongSlots(cells: Cells, typed: string): Way['state'] {
  const address = typed.toLowerCase();
  const slot = slots.find((one) => cells.value(`email${one}`)?.toLowerCase() === address);
  if (slot) return stateOf(cells, slot);
  return cells.value('email1') === undefined ? stateOf(cells, 1) : 'ok';
}

/** Two addresses in one cell. */
function several(text: string | undefined): string[] {
  if (!text) return [];
  return text.indexOf('@') === text.lastIndexOf('@') ? [text] : text.split(/[\s;,/]+/);
}

// By telephone the first number is used: a text message to the one at home would go nowhere.
const phoneFields = ['mobileNumber', 'phoneNumber', 'workNumber'] as const;
const badFields: Partial<Record<(typeof phoneFields)[number], ImportField>> = {
  phoneNumber: 'phoneBad',
  mobileNumber: 'mobileBad',
};

export function phonesOf(
  scope: Scope,
  cells: Cells,
  country: string | null,
  faults: Fault[],
): Phone[] {
  const ways = new Map<string, Phone>();
  for (const field of phoneFields) {
    const typed = line(cells.value(field));
    if (!typed) continue;
    const bad = badFields[field];
    const state = bad && isSaid(cells, bad) ? 'bad' : 'ok';
    const numbers = numbersOf(typed, dialledFrom(scope, country));
    if (numbers.length === 0 && state === 'ok') {
      faults.push({ path: '/phoneNumber', message: 'people.fault.phone' });
    }
    for (const address of numbers) {
      const isMobile = field === 'mobileNumber' || ways.get(address)?.isMobile === true;
      const told = ways.get(address)?.line ?? lineOf(address);
      ways.set(address, {
        address,
        state,
        isMobile,
        line: isMobile && told === 'either' ? 'mobile' : told,
      });
    }
  }
  return [...ways.values()];
}

/** One number, or two with a stroke or a word between them. */
function numbersOf(typed: string, from: Parameters<typeof numberOf>[1]): string[] {
  const whole = numberOf(typed, from);
  if (whole) return [whole];
  const parts = typed.split(/\s*(?:[/;,]|\bou\b|\bor\b|\bet\b)\s*/i);
  const numbers = parts.map((part) => numberOf(part, from));
  return numbers.every((one) => one !== undefined) ? numbers : [];
}
