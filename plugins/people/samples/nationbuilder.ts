// A people export as NationBuilder writes it, of people whom we invented: dirty as real ones are, the same each time.
import { makeChance } from '../demo/chance.ts';
import { plain, wordsOf } from '../demo/words.ts';
import { cell, toWindows, towns } from './cells.ts';

/** What is in the file, told by who wrote it; the importer is held to it. */
export interface SampleTruth {
  rows: number;
  people: number;
  twins: number;
  /** Rows that cannot be kept, by what is wrong with them. */
  refused: Record<Fault, number>;
  unsubscribed: number;
  doNotContact: number;
  doNotCall: number;
  /** Dead and nothing else: neither unsubscribed nor never to be contacted. */
  dead: number;
  /** People said to have agreed. */
  optIns: number;
  /** Every address and number that must never be reached again, whatever became of its row. */
  stopped: { kind: 'email' | 'phone'; address: string }[];
}
export type Fault = 'email' | 'phone' | 'birthDate' | 'country' | 'nobody' | 'cells' | 'otherName';

const columns = [
  ...[
    'nationbuilder_id',
    'prefix',
    'first_name',
    'middle_name',
    'last_name',
    'suffix',
    'full_name',
  ],
  ...['email', 'email1', 'email1_is_bad', 'email1_is_bouncing', 'email2', 'email2_is_bad'],
  ...['email2_is_bouncing', 'email_opt_in', 'phone_number', 'work_phone_number', 'mobile_number'],
  ...['is_mobile_bad', 'mobile_opt_in', 'do_not_call', 'do_not_contact', 'federal_donotcall'],
  ...['employer', 'occupation', 'sex', 'born_at', 'note', 'tag_list', 'website', 'is_volunteer'],
  ...['is_supporter', 'support_level', 'created_at', 'primary_address1', 'primary_address2'],
  ...['primary_city', 'primary_state', 'primary_zip', 'primary_country_code', 'donations_amount'],
] as const;
type Row = Partial<Record<(typeof columns)[number], string>>;

/** How many of each there are, by what is particular to them. */
const kinds = {
  ...{ plain: 843, twoAddresses: 61, phoneAlone: 48, minor: 7, accented: 40 },
  ...{ unsubscribed: 86, doNotContact: 23, doNotCall: 31, noTexts: 18 },
  ...{ bad: 34, bouncing: 27, badSecond: 9, badMobile: 12 },
} as const;
const faults: Record<Fault, number> = {
  ...{ email: 7, phone: 5, birthDate: 4, country: 2, nobody: 6, otherName: 3, cells: 3 },
};
const twins = 26;

export function nationBuilderSample(): { csv: Buffer; truth: SampleTruth } {
  const writer = makeWriter();
  for (const [kind, count] of Object.entries(kinds)) {
    for (let n = 0; n < count; n += 1) writer.addPerson(kind as keyof typeof kinds, n);
  }
  for (let n = 0; n < twins; n += 1) writer.addTwin(n);
  for (const [fault, count] of Object.entries(faults)) {
    if (fault === 'cells') writer.addCut();
    else for (let n = 0; n < count; n += 1) writer.addBroken(fault as Fault, n);
  }
  return writer.end();
}

function makeWriter() {
  const chance = makeChance(27);
  const words = wordsOf('fr');
  const lines: string[] = [];
  const names = new Set<string>();
  const people: Row[] = [];
  const stopped: SampleTruth['stopped'] = [];
  const count = { unsubscribed: 0, doNotContact: 0, doNotCall: 0, dead: 0, optIns: 0, people: 0 };
  let number = 4_100;
  let phones = 0;

  const stop = (kind: 'email' | 'phone', address: string): void =>
    void stopped.push({ kind, address });
  /** Each number once, of the range that Arcep keeps for fiction; typed as people type. */
  function phone(): { typed: string; e164: string } {
    phones += 1;
    const tail = String(phones).padStart(4, '0');
    const forms = [
      `'063998${tail}`,
      `06 39 98 ${tail.slice(0, 2)} ${tail.slice(2)}`,
      `+33 6 39 98 ${tail.slice(0, 2)} ${tail.slice(2)}`,
      `06.39.98.${tail.slice(0, 2)}.${tail.slice(2)}`,
    ];
    return { typed: chance.pick(forms), e164: `+3363998${tail}` };
  }

  /** A name that nobody else of the file has, so that nobody is anybody's twin by chance. */
  function name(isAccented = false): { first: string; last: string } {
    for (;;) {
      const first = chance.pick(words.givenNames);
      const last = chance.is(0.1)
        ? `${chance.pick(words.familyNames)}-${chance.pick(words.familyNames)}`
        : chance.pick(words.familyNames);
      if (isAccented && !/[^\x20-\x7e]/.test(last)) continue;
      const key = plain(`${first} ${last}`);
      if (names.has(key)) continue;
      names.add(key);
      return { first, last };
    }
  }

  function someone(isAccented = false): Row & { email: string } {
    const { first, last } = name(isAccented);
    number += chance.between(1, 9);
    const email = `${plain(first)}.${plain(last)}@example.org`;
    return {
      ...{ nationbuilder_id: `'${number}`, first_name: first, last_name: last },
      ...{ full_name: `${first} ${last}`, email, email1: email },
      ...{ email1_is_bad: 'false', email1_is_bouncing: 'false', email2_is_bad: 'false' },
      ...{ do_not_call: 'false', do_not_contact: 'false', federal_donotcall: 'false' },
      is_mobile_bad: 'false',
      sex: chance.pick(['F', 'M', 'O']),
      created_at: `${usDay(chance.between(2014, 2025))} 09:30 AM`,
      tag_list: chance.is(0.4) ? [chance.pick(words.tags), chance.pick(words.tags)].join(', ') : '',
      note: chance.is(0.12) ? noteOf() : '',
      support_level: `'${chance.between(1, 5)}`,
      ...{ is_volunteer: String(chance.is(0.1)), is_supporter: String(chance.is(0.6)) },
      born_at: chance.is(0.5) ? usDay(chance.between(1938, 2006)) : '',
      ...homeOf(),
    };
  }

  /** Some with a comma, some with a quotation mark, some over two lines. */
  function noteOf(): string {
    const note = chance.pick(words.notes);
    if (chance.is(0.3)) return `A dit : "on verra", ${note.toLowerCase()}`;
    return chance.is(0.3) ? `${note}\nÀ rappeler.` : note;
  }

  function homeOf(): Row {
    if (chance.is(0.25)) return {};
    const [zip, city] = chance.pick(towns);
    return {
      primary_address1: `${chance.between(1, 90)}, ${chance.pick(words.streets)}`,
      ...{ primary_city: city, primary_zip: `'${zip}`, primary_country_code: 'FR' },
    };
  }

  /** The American way: month first. */
  function usDay(year: number): string {
    const two = (n: number) => String(n).padStart(2, '0');
    return `${two(chance.between(1, 12))}/${two(chance.between(1, 28))}/${year}`;
  }

  function push(row: Row): void {
    lines.push(columns.map((column) => cell(row[column] ?? '')).join(','));
  }

  function addPerson(kind: keyof typeof kinds, n: number): void {
    const row = someone(kind === 'accented');
    const { e164, typed } = phone();
    const change: Record<keyof typeof kinds, () => void> = {
      plain: () => void (chance.is(0.5) && (row.mobile_number = typed)),
      accented: () => void (row.mobile_number = typed),
      twoAddresses: () => void (row.email2 = row.email.replace('@', '.bis@')),
      phoneAlone: () => Object.assign(row, { email: '', email1: '', mobile_number: typed }),
      minor: () => void (row.born_at = usDay(2010 + (n % 2))),
      unsubscribed() {
        row.email_opt_in = 'false';
        stop('email', row.email);
      },
      doNotContact() {
        Object.assign(row, { do_not_contact: 'true', mobile_number: typed });
        stop('email', row.email);
        stop('phone', e164);
      },
      doNotCall() {
        Object.assign(row, n % 2 ? { do_not_call: 'true' } : { federal_donotcall: 'true' });
        row.phone_number = typed;
        stop('phone', e164);
      },
      noTexts() {
        Object.assign(row, { mobile_opt_in: 'false', mobile_number: typed });
        stop('phone', e164);
      },
      bad: () => dead('email', row.email, () => void (row.email1_is_bad = 'true')),
      bouncing: () => dead('email', row.email, () => void (row.email1_is_bouncing = 'true')),
      badSecond() {
        const second = row.email.replace('@', '.old@');
        Object.assign(row, { email2: second, email2_is_bad: 'true' });
        dead('email', second);
      },
      badMobile() {
        Object.assign(row, { mobile_number: typed, is_mobile_bad: 'true' });
        dead('phone', e164);
      },
    };
    change[kind]();
    if (kind === 'unsubscribed' || kind === 'doNotContact' || kind === 'doNotCall')
      count[kind] += 1;
    const mayAgree = kind === 'plain' || kind === 'accented' || kind === 'twoAddresses';
    if (mayAgree && chance.is(0.7)) {
      row.email_opt_in = 'true';
      count.optIns += 1;
    }
    count.people += 1;
    if (kind === 'plain') people.push(row);
    push(row);
  }

  function dead(kind: 'email' | 'phone', address: string, mark = () => {}): void {
    mark();
    count.dead += 1;
    stop(kind, address);
  }

  /** The same person once more: another number in the other system, capitals, half of it missing. */
  function addTwin(n: number): void {
    const { email = '', first_name: first = '', last_name: last = '' } = people[n * 7] ?? {};
    number += 1;
    const typed = n % 2 ? email.toUpperCase() : ` ${email}`;
    push({
      ...{ nationbuilder_id: `'${number}`, first_name: first, last_name: last.toUpperCase() },
      ...{ email: typed, email1: typed, tag_list: 'fête de la musique' },
    });
  }

  function addBroken(fault: Fault, n: number): void {
    const row = someone();
    // Two of those whose row is broken had asked never to be contacted: they are heard all the same.
    if (fault === 'phone' && n < 2) {
      row.do_not_contact = 'true';
      count.doNotContact += 1;
      stop('email', row.email);
    }
    const broken: Record<Fault, Row> = {
      email: { email: row.email.replace('@', '@@'), email1: row.email.replace('@', '@@') },
      phone: { mobile_number: n % 2 ? '06 39' : "'000000" },
      birthDate: { born_at: n % 2 ? '02/31/1980' : '05/14/2061' },
      country: { primary_country_code: 'ZZ', primary_city: 'Quelque part' },
      nobody: { first_name: '', last_name: '', full_name: '', email: '', email1: '' },
      otherName: otherName(n),
      cells: {},
    };
    push({ ...row, ...broken[fault] });
  }

  /** An address that stands for somebody else already. */
  function otherName(n: number): Row {
    const { email = '' } = people[n * 11 + 3] ?? {};
    return { first_name: `Q${'uvw'[n]}entin`, email, email1: email };
  }

  /** A line break that nobody quoted makes two rows of one; and the download broke off in the last. */
  function addCut(): void {
    shuffle();
    const whole = columns.map((column) => cell(someone()[column] ?? ''));
    lines.splice(400, 0, whole.slice(0, 25).join(','), whole.slice(25).join(','));
    lines.push(whole.slice(0, 12).join(','));
  }

  function shuffle(): void {
    for (let at = lines.length - 1; at > 0; at -= 1) {
      const other = chance.between(0, at);
      [lines[at], lines[other]] = [lines[other] ?? '', lines[at] ?? ''];
    }
  }

  return {
    ...{ addPerson, addTwin, addBroken, addCut },
    end: () => ({
      csv: toWindows(`${[columns.join(','), ...lines].join('\r\n')}\r\n`),
      truth: { ...count, rows: lines.length, twins, refused: faults, stopped },
    }),
  };
}
