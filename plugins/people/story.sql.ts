// Notes, timeline and history of a person.
import type { Scope } from 'rostra/plugin';
import { bounds, isId, ofOurs, ofOwn, seen } from './bound.ts';

export interface NoteRow {
  id: string;
  text: string;
  byName: string;
  at: Date;
  /** Whether the scope's actor may take it away. */
  isRemovable: boolean;
}
export interface TimelineRow {
  id: string;
  kind: string;
  params: Record<string, string | number>;
  href: string | null;
  at: Date;
}
export interface HistoryRow {
  field: string;
  before: string | null;
  after: string | null;
  byName: string;
  at: Date;
}

export async function findNotes(scope: Scope, personId: string, most: number): Promise<NoteRow[]> {
  const found = await scope.db.raw(
    `select n.id, n.text, n.by_name as "byName", n.at, ${removable(scope)} as "isRemovable"
     from people.note n
     where n.person_id = :personId and ${seen(scope, 'n.person_id')} and ${ofOurs(scope, 'n.organization_id')}
     order by n.at desc, n.id desc limit :most`,
    { ...bounds(scope), ...author(scope), personId, most },
  );
  return found.rows;
}

export async function insertNote(scope: Scope, personId: string, text: string): Promise<string> {
  const by = author(scope);
  const found = await scope.db.raw(
    `insert into people.note (person_id, organization_id, text, by_account, by_name, at)
     values (:personId, :organizationId, :text, :account, :name, :now) returning id`,
    { ...bounds(scope), ...by, personId, text },
  );
  return found.rows[0].id;
}

export async function deleteNote(scope: Scope, personId: string, id: string): Promise<number> {
  if (!isId(id)) return 0;
  const found = await scope.db.raw(
    `delete from people.note n where n.id = :id and n.person_id = :personId
       and ${seen(scope, 'n.person_id')} and ${removable(scope)}`,
    { ...bounds(scope), ...author(scope), id, personId },
  );
  return found.rowCount ?? 0;
}

/** One's own notes, or all for who may edit people; never what the party above or a sister wrote. */
function removable(scope: Scope): string {
  const within = ofOwn(scope, 'n.organization_id');
  const mine = 'coalesce(n.by_account = cast(:account as text), false)';
  return scope.may('people.person.edit') ? within : `(${within} and ${mine})`;
}

export async function findTimeline(
  scope: Scope,
  personId: string,
  most: number,
): Promise<TimelineRow[]> {
  const found = await scope.db.raw(
    `select l.id, l.kind, l.params, l.href, l.at from people.timeline l
     where l.person_id = :personId and ${seen(scope, 'l.person_id')} and ${ofOurs(scope, 'l.organization_id')}
     order by l.at desc, l.id desc limit :most`,
    { ...bounds(scope), personId, most },
  );
  return found.rows;
}

export interface TimelineLine {
  kind: string;
  params?: Record<string, string | number>;
  href?: string;
}

export async function insertTimeline(
  scope: Scope,
  personIds: readonly string[],
  { kind, params = {}, href }: TimelineLine,
): Promise<void> {
  await scope.db.raw(
    `insert into people.timeline (person_id, organization_id, kind, params, href, at)
     select id, :organizationId, :kind, cast(:params as jsonb), :href, :now
     from unnest(cast(:personIds as bigint[])) as wanted (id)`,
    {
      ...bounds(scope),
      personIds: [...personIds],
      kind,
      params: JSON.stringify(params),
      href: href ?? null,
    },
  );
}

export async function findHistory(
  scope: Scope,
  personId: string,
  most: number,
): Promise<HistoryRow[]> {
  const found = await scope.db.raw(
    `select h.field, h.before, h.after, h.by_name as "byName", h.at from people.history h
     where h.person_id = :personId and ${seen(scope, 'h.person_id')}
     order by h.at desc, h.id desc limit :most`,
    { ...bounds(scope), personId, most },
  );
  return found.rows;
}

export interface Change {
  field: string;
  before: string | null;
  after: string | null;
}

export async function insertHistory(
  scope: Scope,
  personId: string,
  changes: readonly Change[],
): Promise<void> {
  await scope.db.raw(
    `insert into people.history (person_id, organization_id, field, before, after, by_account, by_name, at)
     select :personId, :organizationId, r.field, r.before, r.after, :account, :name, :now
     from jsonb_to_recordset(cast(:changes as jsonb)) as r (field text, before text, after text)`,
    { ...bounds(scope), ...author(scope), personId, changes: JSON.stringify(changes) },
  );
}

export function author(scope: Scope): { account: string | null; name: string } {
  const { actor } = scope;
  if (actor.kind === 'staff') return { account: actor.accountId, name: actor.name };
  return { account: null, name: actor.kind === 'system' ? actor.name : '' };
}
