// Some of the people in a list, before and after, in words.
import type { Scope } from 'rostra/plugin';
import type { ImportRow } from './import.sql.ts';
import { findSample, type SampleRow, type SampleSide } from './import-sample.sql.ts';
import { displayName, phoneName } from './person.ts';
import { postFields, postInWords } from './postal.ts';

export interface SamplePerson {
  line: number;
  name: string;
  /** `undefined` for somebody new. */
  id?: string;
  /** Only what changes. */
  rows: { label: string; before: string; after: string }[];
}

export async function samplePeople(
  scope: Scope,
  found: Pick<ImportRow, 'id'>,
  most: number,
): Promise<SamplePerson[]> {
  const rows = await findSample(scope, found.id, most);
  return rows.map((row) => personOf(scope, row));
}

const nobody: SampleSide = {
  ...{ givenName: null, familyName: null, birthDate: null, emails: [], phones: [], line1: null },
  ...{ line2: null, postcode: null, locality: null, region: null, country: null, relation: null },
  ...{ tags: [], stops: [] },
};

function personOf(scope: Scope, { line, personId, file, now }: SampleRow): SamplePerson {
  const before = inWords(scope, now ?? nobody);
  const after = inWords(scope, filled(now ?? nobody, file));
  const rows = Object.entries(after)
    .map(([field, text]) => ({
      label: scope.t(labels[field] ?? field),
      before: before[field] ?? '',
      after: text,
    }))
    .filter((row) => row.before !== row.after);
  const side = now ?? file;
  const { givenName, familyName, emails: emailAddresses, phones: phoneNumbers } = side;
  const name = displayName({
    id: String(line),
    givenName,
    familyName,
    emailAddresses,
    phoneNumbers,
  });
  return { line, name, rows, ...(personId ? { id: personId } : {}) };
}

/** As the run does: what is empty is filled, lists grow, nothing is overwritten. */
function filled(now: SampleSide, file: SampleSide): SampleSide {
  const place = postFields.some((field) => now[field] !== null) ? now : file;
  const both = (one: readonly string[], more: readonly string[]) => [...new Set([...one, ...more])];
  const words = new Set(now.tags.map((tag) => tag.toLowerCase()));
  return {
    givenName: now.givenName ?? file.givenName,
    familyName: now.familyName ?? file.familyName,
    birthDate: now.birthDate ?? file.birthDate,
    emails: both(now.emails, file.emails),
    phones: both(now.phones, file.phones),
    ...{ line1: place.line1, line2: place.line2, postcode: place.postcode },
    ...{ locality: place.locality, region: place.region, country: place.country },
    relation: now.relation ?? file.relation,
    tags: [...now.tags, ...file.tags.filter((tag) => !words.has(tag.toLowerCase()))],
    stops: both(now.stops, file.stops),
  };
}

const labels: Record<string, string> = {
  ...{ givenName: 'people.field.givenName', familyName: 'people.field.familyName' },
  ...{ emails: 'people.field.emailAddress', phones: 'people.field.phoneNumber' },
  ...{ birthDate: 'people.field.birthDate', place: 'people.field.line1' },
  ...{ relation: 'people.field.relation', tags: 'people.field.tags' },
  stops: 'people.import.sample.stops',
};

function inWords(scope: Scope, side: SampleSide): Record<string, string> {
  const spoken = (way: string) => (way.startsWith('+') ? phoneName(way) : way);
  return {
    givenName: side.givenName ?? '',
    familyName: side.familyName ?? '',
    emails: side.emails.join(', '),
    phones: side.phones.map(spoken).join(', '),
    birthDate: side.birthDate ?? '',
    place: postInWords(scope, side),
    relation: side.relation ? scope.t(`people.relation.${side.relation}`) : '',
    tags: side.tags.join(', '),
    stops: side.stops.map(spoken).join(', '),
  };
}
