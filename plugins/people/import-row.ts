// A row of a file in the form in which it would be kept, who in it must not be reached, or why it does not fit.
import type { Fault, Scope } from 'rostra/plugin';
import { splitTags } from './csv.ts';
import type { ImportRow } from './import.sql.ts';
import { type Cells, isSaid, makeCells, no, yes } from './import-cells.ts';
import { type DateOrders, dateFields, isUnclear } from './import-dates.ts';
import { makeRelationReader } from './import-relation.ts';
import { emailsOf, phonesOf, type Way } from './import-ways.ts';
import { birthDateOf, countryOf, line } from './prepare.ts';
import type { ReadyRow, StagedCells, Stop } from './stage.sql.ts';

export interface ReadRow {
  line: number;
  stops: Stop[];
  wishes: Wishes;
  ready?: ReadyRow;
  /** Key of the sentence, when the row does not fit. */
  fault?: string;
}
/** What the file says the person asked for. */
export interface Wishes {
  isUnsubscribed: boolean;
  isNotContacted: boolean;
  isNotCalled: boolean;
  hasAgreed: boolean;
}

type Plan = Pick<ImportRow, 'columns' | 'fields' | 'relation' | 'tag'>;

/** Which columns are read, in the order in which `read` wants their cells. */
export function makeRowReader(scope: Scope, plan: Plan, orders: DateOrders = {}) {
  const chosen = plan.fields ?? [];
  const places = chosen.flatMap((field, place) => (field ? [place] : []));
  const cellsOf = makeCells(places.map((place) => chosen[place] ?? ''));
  const relationOf = makeRelationReader(scope, plan.relation ?? undefined, orders);
  const read = (row: StagedCells): ReadRow => {
    if (row.length !== plan.columns.length) return misshapen(row.line);
    const { line, cells } = row;
    const found = readRow(scope, {
      line,
      cells: cellsOf(cells),
      relationOf,
      tag: plan.tag,
      orders,
    });
    if (found.ready && isPlain(found)) found.ready.digest = row.digest;
    return found;
  };
  const fields = places.map((place) => chosen[place]);
  const way = JSON.stringify([
    fields,
    plan.relation,
    plan.tag,
    orders,
    ...surroundings(scope, fields),
  ]);
  return { places, way, read };
}

/** Moves when the same cells become another person than before. */
const readingVersion = 1;

/** Beside the plan; only a membership that ends reads otherwise on another day. */
function surroundings(scope: Scope, fields: readonly (string | undefined)[]): unknown[] {
  const isDated = fields.includes('membershipExpires');
  const day = isDated ? scope.now().toISOString().slice(0, 10) : '';
  return [readingVersion, scope.organization.jurisdiction, day];
}

/** Whoever wants to be left alone is looked at each time. */
function isPlain({ stops, wishes, ready }: ReadRow): boolean {
  const { isUnsubscribed, isNotContacted, isNotCalled, hasAgreed } = wishes;
  if (stops.length > 0 || isUnsubscribed || isNotContacted || isNotCalled) return false;
  return !hasAgreed || (ready?.claims.length ?? 0) > 0;
}

const noWishes: Wishes = {
  ...{ isUnsubscribed: false, isNotContacted: false, isNotCalled: false, hasAgreed: false },
};

/** Which cell stands in which column cannot be known. */
function misshapen(line: number): ReadRow {
  return { line, stops: [], wishes: noWishes, fault: 'people.import.fault.cells' };
}

interface Reading {
  line: number;
  cells: Cells;
  relationOf: ReturnType<typeof makeRelationReader>;
  tag: string | null;
  orders: DateOrders;
}

function readRow(scope: Scope, reading: Reading): ReadRow {
  const { line: at, cells, relationOf, tag, orders } = reading;
  const faults: Fault[] = [];
  const place = placeOf(scope, cells, faults);
  const emails = emailsOf(cells, faults);
  const phones = phonesOf(scope, cells, place.country, faults);
  const wishes = wishesOf(cells);
  const stops = stopsOf(at, wishes, emails, phones, cells);
  const isOut = wishes.isUnsubscribed || wishes.isNotContacted;
  const relation = relationOf(cells, isOut);
  if (relation === 'unknown') faults.push({ path: '/relation', message: 'people.fault.relation' });
  const names = namesOf(cells);
  const isSomeone = names.givenName ?? names.familyName ?? emails[0]?.address ?? phones[0]?.address;
  const birthDate = bornOf(scope, cells, orders, faults);
  if (!isSomeone && faults.length === 0) faults.push({ path: '', message: 'people.fault.nobody' });
  if (faults[0]) return { line: at, stops, wishes, fault: faults[0].message };
  // Named one by one: to spread them took a third of the time of a row.
  const ready: ReadyRow = {
    line: at,
    external: line(cells.value('nationbuilderId')),
    givenName: names.givenName,
    familyName: names.familyName,
    birthDate,
    emails,
    phones,
    relation: relation ?? null,
    tags: tagsOf(cells, tag),
    claims: isOut ? [] : claimsOf(cells, emails, phones),
    line1: place.line1,
    line2: place.line2,
    postcode: place.postcode,
    locality: place.locality,
    region: place.region,
    country: place.country,
    digest: null,
  };
  return { line: at, stops, wishes, ready };
}

/** A date that may be another day than the one read is none. */
function bornOf(scope: Scope, cells: Cells, orders: DateOrders, faults: Fault[]): string | null {
  const unclear = dateFields.filter((field) => isUnclear(cells.value(field), orders[field]));
  if (unclear.length > 0) {
    faults.push({ path: `/${unclear[0]}`, message: 'people.import.fault.date-order' });
    return null;
  }
  const isMonthFirst = orders.birthDate && orders.birthDate === 'month';
  return birthDateOf(scope, cells.value('birthDate'), faults, isMonthFirst);
}

function namesOf(cells: Cells): Pick<ReadyRow, 'givenName' | 'familyName'> {
  const givenName = line(cells.value('givenName'));
  const familyName = line(cells.value('familyName'));
  const whole = line(cells.value('fullName'));
  if (!whole || givenName || familyName) return { givenName, familyName };
  const [family, given] = whole.split(/\s*,\s*/);
  if (family && given) return { givenName: given, familyName: family };
  const words = whole.split(' ');
  const capitals = words.filter((word) => word.length > 1 && word === word.toUpperCase());
  const isTold = capitals.length > 0 && capitals.length < words.length;
  const last = isTold ? capitals : words.slice(-1);
  const first = words.filter((word) => !last.includes(word));
  return { givenName: line(first.join(' ')), familyName: line(last.join(' ')) };
}

/** The first kind of address of which anything is there. */
function placeOf(scope: Scope, cells: Cells, faults: Fault[]) {
  const main = rawPlace(cells, '');
  const place = Object.values(main).some(Boolean) ? main : rawPlace(cells, 'mail');
  const country = countryOf(place.country, faults);
  const postcode = line(place.postcode);
  const home = country ?? scope.organization.jurisdiction.slice(0, 2).toUpperCase();
  // A spreadsheet took it for a number: 01000 is Bourg-en-Bresse.
  const isShort = home === 'FR' && postcode !== null && /^\d{4}$/.test(postcode);
  return {
    line1: line(place.line1),
    line2: line(place.line2),
    postcode: isShort ? `0${postcode}` : postcode,
    locality: line(place.locality),
    region: line(place.region),
    country,
  };
}

function rawPlace(cells: Cells, kind: '' | 'mail') {
  const isMain = kind === '';
  return {
    line1: cells.value(isMain ? 'line1' : 'mailLine1'),
    line2: cells.value(isMain ? 'line2' : 'mailLine2'),
    postcode: cells.value(isMain ? 'postcode' : 'mailPostcode'),
    locality: cells.value(isMain ? 'locality' : 'mailLocality'),
    region: cells.value(isMain ? 'region' : 'mailRegion'),
    country: cells.value(isMain ? 'country' : 'mailCountry'),
  };
}

function tagsOf(cells: Cells, tag: string | null): string[] {
  const names = [...cells.all('tags').flatMap(splitTags), tag ?? ''];
  const clean = names.map((name) => line(name)?.slice(0, 60).trim()).filter((name) => !!name);
  return [...new Set(clean as string[])];
}

function wishesOf(cells: Cells): Wishes {
  const optIn = cells.value('emailOptIn')?.toLowerCase() ?? '';
  const isUnsubscribed = isSaid(cells, 'unsubscribed') || no.has(optIn);
  const isNotContacted = isSaid(cells, 'doNotContact');
  return {
    isUnsubscribed,
    isNotContacted,
    isNotCalled: isSaid(cells, 'doNotCall'),
    hasAgreed: !isUnsubscribed && !isNotContacted && (yes.has(optIn) || yes.has(textsOf(cells))),
  };
}

const textsOf = (cells: Cells) => cells.value('mobileOptIn')?.toLowerCase() ?? '';

function claimsOf(cells: Cells, emails: readonly Way[], phones: readonly Way[]): string[] {
  const optIn = cells.value('emailOptIn')?.toLowerCase() ?? '';
  const claims: string[] = [];
  if (yes.has(optIn) && emails.some((way) => way.state === 'ok')) claims.push('email');
  if (yes.has(textsOf(cells)) && phones.some((way) => way.state === 'ok')) claims.push('sms');
  return claims;
}

/** The strongest reason of each address. */
function stopsOf(
  at: number,
  wishes: Wishes,
  emails: readonly Way[],
  phones: readonly Way[],
  cells: Cells,
): Stop[] {
  const noTexts = no.has(textsOf(cells));
  const stop = (kind: 'email' | 'phone', way: Way): Stop | undefined => {
    const isPhone = kind === 'phone';
    const isLeft = isPhone ? noTexts && way.isMobile : wishes.isUnsubscribed;
    const isObjected = wishes.isNotContacted || (isPhone && wishes.isNotCalled);
    const reason = isObjected
      ? 'objection'
      : isLeft
        ? 'unsubscribed'
        : way.state !== 'ok' && 'dead';
    return reason ? { line: at, kind, address: way.address, reason } : undefined;
  };
  return [
    ...emails.map((way) => stop('email', way)),
    ...phones.map((way) => stop('phone', way)),
  ].filter((one) => one !== undefined);
}
