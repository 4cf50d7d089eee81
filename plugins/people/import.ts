// Takes a staged file over: row by row into form, batch by batch into the house.
import { type Fault, invalid, notFound, type Scope } from 'rostra/plugin';
import { type Field, fromCell } from './csv.ts';
import type { Deps } from './deps.ts';
import { touchPeople } from './edit.sql.ts';
import {
  beginImport,
  endImport,
  findImport,
  findStaged,
  type ImportRow,
  type RefusedRow,
  recordBatch,
  type StagedRow,
} from './import.sql.ts';
import type { PersonFields, Relation } from './index.ts';
import { prepare } from './prepare.ts';
import { relations } from './schemas.ts';
import { insertTimeline } from './story.sql.ts';
import type { Prepared } from './upsert.sql.ts';
import { upsertPrepared } from './upsert.ts';

export interface Plan {
  /** What each column is, by place; an empty text: not taken. */
  fields: readonly string[];
  /** Where the list comes from: the people in it may ask. */
  origin: string;
  relation?: string | undefined;
  tag?: string | undefined;
}

const batchSize = 1_000;

/** Asks the law, keeps the plan and queues the run. */
export async function startImport(
  scope: Scope,
  deps: Deps,
  importId: string,
  plan: Plan,
): Promise<void> {
  checkFields(plan.fields);
  // Staff have said so in the form or on the command line: the origin is kept beside.
  scope.law.demand({ capability: 'import.external', met: ['origin.lawful'] });
  await scope.write(async (own) => {
    const { fields, origin, relation = null, tag = null } = plan;
    const begun = await beginImport(own, importId, { fields, origin, relation, tag });
    if (begun === 0) throw notFound('import', importId);
    await deps.audit.record(own, {
      act: 'import.started',
      subject: { type: 'import', id: importId },
      details: { origin, fields, relation, tag },
    });
    await deps.jobs.add(own, 'import', { importId }, { key: `people.import.${importId}` });
  });
}

function checkFields(fields: readonly string[]): void {
  const used = fields.filter((field) => field !== '');
  const isTwice = new Set(used).size < used.length;
  const isUseful = used.some((field) =>
    ['givenName', 'familyName', 'emailAddress', 'phoneNumber'].includes(field),
  );
  const faults: Fault[] = [];
  if (isTwice) faults.push({ path: '/field', message: 'people.fault.column-twice' });
  if (!isUseful) faults.push({ path: '/field', message: 'people.fault.no-column' });
  if (faults.length > 0) throw invalid(faults);
}

/** Goes on where it was cut off; `tell` hears how many rows are done. */
export async function runImport(
  scope: Scope,
  deps: Deps,
  importId: string,
  tell: (done: number, of: number) => void = () => {},
): Promise<void> {
  const found = await findImport(scope, importId);
  if (found?.state !== 'running') return;
  for (let done = found.doneRows; ; ) {
    const count = await scope.write((own) => takeBatch(own, found));
    done += count;
    tell(done, found.rows);
    if (count < batchSize) break;
  }
  await scope.write(async (own) => {
    await endImport(own, importId);
    const ended = await findImport(own, importId);
    const people = (ended?.createdPeople ?? 0) + (ended?.updatedPeople ?? 0);
    await deps.events.emit(own, 'people.imported', { importId, people });
  });
}

async function takeBatch(scope: Scope, plan: ImportRow): Promise<number> {
  const rows = await findStaged(scope, plan.id, batchSize);
  if (rows.length === 0) return 0;
  const { fitting, refused } = sort(scope, plan, rows);
  const made = await upsertPrepared(
    scope,
    fitting.map(({ prepared }) => prepared),
    true,
  );
  const people = made.filter((one) => 'id' in one);
  made.forEach((one, index) => {
    const row = fitting[index]?.row;
    if ('fault' in one && row) refused.push({ ...row, reason: one.fault.message });
  });
  await tellPeople(scope, plan, people);
  await recordBatch(scope, plan.id, { lines: rows.map((row) => row.line), people, refused });
  return rows.length;
}

function sort(scope: Scope, plan: ImportRow, rows: readonly StagedRow[]) {
  const fitting: { row: StagedRow; prepared: Prepared }[] = [];
  const refused: RefusedRow[] = [];
  for (const row of rows) {
    const read = readRow(scope, plan, row.cells);
    const preparation = 'fault' in read ? undefined : prepare(scope, read);
    if (preparation?.ok) fitting.push({ row, prepared: preparation.prepared });
    else {
      const fault = 'fault' in read ? read.fault : preparation?.faults[0];
      refused.push({ ...row, reason: fault?.message ?? 'people.fault.nobody' });
    }
  }
  return { fitting, refused };
}

async function tellPeople(
  scope: Scope,
  plan: ImportRow,
  people: readonly { id: string; isNew: boolean; isChanged: boolean }[],
): Promise<void> {
  const touched = people.filter((one) => one.isNew || one.isChanged).map((one) => one.id);
  await insertTimeline(scope, [...new Set(touched)], {
    kind: 'people.timeline.imported',
    params: { origin: plan.origin ?? '' },
  });
  const changed = people.filter((one) => one.isChanged && !one.isNew).map((one) => one.id);
  if (changed.length > 0) await touchPeople(scope, changed);
}

/** A row of the file as fields of a person. */
export function readRow(
  scope: Scope,
  plan: Pick<ImportRow, 'fields' | 'relation' | 'tag'>,
  cells: readonly string[],
): PersonFields | { fault: Fault } {
  const value = (field: Field): string | undefined => {
    const index = plan.fields?.indexOf(field) ?? -1;
    return index < 0 ? undefined : fromCell((cells[index] ?? '').trim()) || undefined;
  };
  const typed = value('relation');
  const relation = typed ? relationOf(scope, typed) : ((plan.relation ?? undefined) as Relation);
  if (typed && !relation) return { fault: { path: '/relation', message: 'people.fault.relation' } };
  const tags = [...(value('tags') ?? '').split(','), plan.tag ?? ''];
  return {
    givenName: value('givenName'),
    familyName: value('familyName'),
    emailAddress: value('emailAddress'),
    phoneNumber: value('phoneNumber'),
    birthDate: value('birthDate'),
    postalAddress: {
      line1: value('line1'),
      line2: value('line2'),
      postcode: value('postcode'),
      locality: value('locality'),
      region: value('region'),
      country: value('country'),
    },
    relation,
    tags: tags.map((tag) => tag.trim()).filter(Boolean),
    source: 'import',
  };
}

/** Our own word, or how it reads in the importer's language. */
function relationOf(scope: Scope, text: string): Relation | undefined {
  const words = text.toLowerCase();
  return relations.find(
    (kind) => kind === words || scope.t(`people.relation.${kind}`).toLowerCase() === words,
  );
}
