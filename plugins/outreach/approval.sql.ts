// The question whether a text may go out, and its answer by somebody else.
import type { Scope } from 'rostra/plugin';
import { boundOf, within } from './bound.ts';

/** Of a draft of this version; answers whether it was one. */
export async function askForApproval(
  scope: Scope,
  id: string,
  { version, by, start }: { version: number; by: string; start: Date | null },
): Promise<boolean> {
  const found = await scope.db.raw(
    `update outreach.send s set asked_at = :now, asked_by = :by, asked_start = :start,
       back_at = null, back_by = null, back_note = null
     where s.id = :id and s.version = :version and s.state = 'draft' and ${within(scope)}`,
    { ...boundOf(scope), id, version, by, start },
  );
  return found.rowCount === 1;
}

/** Of a text of this version that was asked for. */
export async function sendBack(
  scope: Scope,
  id: string,
  { version, by, note }: { version: number; by: string; note: string },
): Promise<boolean> {
  const found = await scope.db.raw(
    `update outreach.send s set asked_at = null, asked_by = null, asked_start = null,
       back_at = :now, back_by = :by, back_note = :note
     where s.id = :id and s.version = :version and s.state = 'draft' and s.asked_at is not null
       and ${within(scope)}`,
    { ...boundOf(scope), id, version, by, note },
  );
  return found.rowCount === 1;
}

/** The one that waits longest first. */
export async function findAsked(scope: Scope, most: number) {
  const found = await scope.db.raw(
    `select s.id, s.name, s.writer_id as "writerId", s.asked_by as "askedBy", s.asked_at as "askedAt"
     from outreach.send s where s.state = 'draft' and s.asked_at is not null and ${within(scope)}
     order by s.asked_at, s.id limit :most`,
    { ...boundOf(scope), most },
  );
  return found.rows as AskedRow[];
}

export interface AskedRow {
  id: string;
  name: string;
  writerId: string | null;
  askedBy: string;
  askedAt: Date;
}
