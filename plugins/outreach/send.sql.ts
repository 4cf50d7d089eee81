// Sends: one row a text to many, and the states that it goes through.
import type { Scope } from 'rostra/plugin';
import { boundOf, within } from './bound.ts';
import type { Send, SendFields, SendState } from './index.ts';

export interface SendRow extends Send {
  /** Conditions of the packs that whoever released it declared to be met. */
  declared: string[];
  author: string;
  /** Account of who wrote this version, and the name. */
  writerId: string | null;
  writer: string | null;
  askedAt: Date | null;
  askedBy: string | null;
  askedStart: Date | null;
  backAt: Date | null;
  backBy: string | null;
  backNote: string | null;
  changedAt: Date;
  approver: string | null;
  startsAt: Date | null;
  frozenAt: Date | null;
  endedAt: Date | null;
}

const columns = `s.id, s.organization_id as "organizationId", s.channel, s.name,
  s.newsletter_id as "newsletterId", s.tag_id as "tagId", s.declared, s.content, s.mark, s.state, s.version, s.author, s.changed_at as "changedAt",
  s.writer_id as "writerId", s.writer, s.asked_at as "askedAt", s.asked_by as "askedBy", s.asked_start as "askedStart",
  s.back_at as "backAt", s.back_by as "backBy", s.back_note as "backNote",
  s.approver, s.starts_at as "startsAt", s.frozen_at as "frozenAt", s.ended_at as "endedAt"`;

const isId = (id: string): boolean => /^[1-9]\d{0,17}$/.test(id);

export async function findSend(scope: Scope, id: string): Promise<SendRow | undefined> {
  if (!isId(id)) return undefined;
  const found = await scope.db.raw(
    `select ${columns} from outreach.send s where s.id = :id and ${within(scope)}`,
    { ...boundOf(scope), id },
  );
  return found.rows.map(told)[0];
}

function told({ newsletterId, tagId, ...row }: SendRow): SendRow {
  return { ...row, ...(newsletterId && { newsletterId }), ...(tagId && { tagId }) };
}

/** Newest first, older than the id `before`; on one `channel` the organization's own. */
export async function findSends(
  scope: Scope,
  page: { before?: string; channel?: string; most: number },
): Promise<SendRow[]> {
  const found = await scope.db.raw(
    `select ${columns} from outreach.send s
     where ${within(scope)} and (cast(:before as bigint) is null or s.id < :before)
       and (cast(:channel as text) is null or s.channel = :channel and s.organization_id = :organizationId)
     order by s.id desc limit :most`,
    {
      ...boundOf(scope),
      ...{ before: page.before ?? null, channel: page.channel ?? null, most: page.most },
      organizationId: scope.organization.id,
    },
  );
  return found.rows.map(told);
}

/** Of the organization alone: those whose time has come, and those under way. */
export async function findOpenSends(scope: Scope): Promise<string[]> {
  const found = await scope.db.raw(
    `select id from outreach.send where organization_id = :organizationId
       and (state = 'sending' or state = 'approved' and starts_at <= :now) order by id`,
    { organizationId: scope.organization.id, now: scope.now() },
  );
  return found.rows.map((row: { id: string }) => row.id);
}

export async function insertSend(
  scope: Scope,
  { name, newsletterId, tagId, content, channel }: SendFields & { channel: string },
  writer: Writer,
): Promise<string> {
  const found = await scope.db.raw(
    `insert into outreach.send (organization_id, channel, name, newsletter_id, tag_id, content, author, writer, writer_id,
       created_at, changed_at)
     values (:organizationId, :channel, :name, :newsletterId, :tagId, cast(:content as jsonb), :writer, :writer, :writerId,
       :now, :now)
     returning id`,
    {
      ...{ organizationId: scope.organization.id, channel, name },
      ...{ newsletterId: newsletterId ?? null, tagId: tagId ?? null },
      ...{ writer: writer.name, writerId: writer.id },
      ...{ content: JSON.stringify(content), now: scope.now() },
    },
  );
  return found.rows[0].id;
}

/** `id`: of the account, where there is one. */
export interface Writer {
  id: string | null;
  name: string;
}

/** Of a draft that is still the same version; what was asked of somebody else is taken back. Answers whether it was. */
export async function updateSend(
  scope: Scope,
  id: string,
  version: number,
  { name, newsletterId, tagId, content }: SendFields,
  writer: Writer,
): Promise<boolean> {
  if (!isId(id)) return false;
  const found = await scope.db.raw(
    `update outreach.send s set name = :name, newsletter_id = :newsletterId, tag_id = :tagId, content = cast(:content as jsonb),
       version = version + 1, changed_at = :now, writer = :writer, writer_id = :writerId,
       asked_at = null, asked_by = null, asked_start = null
     where s.id = :id and s.version = :version and s.state = 'draft' and ${within(scope)}`,
    {
      ...boundOf(scope),
      ...{ id, version, name, content: JSON.stringify(content) },
      ...{ newsletterId: newsletterId ?? null, tagId: tagId ?? null },
      ...{ writer: writer.name, writerId: writer.id },
    },
  );
  return found.rowCount === 1;
}

export interface Approval {
  version: number;
  approver: Writer;
  startsAt: Date;
  declared: readonly string[];
}

/** Answers whether it was a draft of this version. */
export async function approveSend(
  scope: Scope,
  id: string,
  { version, approver, startsAt, declared }: Approval,
): Promise<boolean> {
  if (!isId(id)) return false;
  const found = await scope.db.raw(
    `update outreach.send s set state = 'approved', approver = :approver, approver_id = :approverId,
       approved_at = :now,
       starts_at = :startsAt, declared = cast(:declared as text[]), changed_at = :now
     where s.id = :id and s.version = :version and s.state = 'draft' and ${within(scope)}`,
    {
      ...{ ...boundOf(scope), id, version, startsAt, declared: [...declared] },
      ...{ approver: approver.name, approverId: approver.id },
    },
  );
  return found.rowCount === 1;
}

/** From one of these states to another; answers whether it was in one. */
export async function moveSend(
  scope: Scope,
  id: string,
  from: readonly SendState[],
  to: SendState,
): Promise<boolean> {
  if (!isId(id)) return false;
  const found = await scope.db.raw(
    `update outreach.send s set state = :to, changed_at = :now,
       ended_at = case when :to in ('done', 'cancelled') then cast(:now as timestamptz) end
     where s.id = :id and s.state = any (cast(:from as text[])) and ${within(scope)}`,
    { ...boundOf(scope), id, from: [...from], to },
  );
  return found.rowCount === 1;
}

/** From now on nobody joins; answers whether it was still to begin. */
export async function freezeSend(scope: Scope, id: string): Promise<boolean> {
  const found = await scope.db.raw(
    `update outreach.send s set state = 'sending', frozen_at = :now
     where s.id = :id and s.state = 'approved' and ${within(scope)}`,
    { ...boundOf(scope), id },
  );
  return found.rowCount === 1;
}

export async function deleteDraft(scope: Scope, id: string): Promise<boolean> {
  if (!isId(id)) return false;
  const found = await scope.db.raw(
    `delete from outreach.send s where s.id = :id and s.state = 'draft' and ${within(scope)}`,
    { ...boundOf(scope), id },
  );
  return found.rowCount === 1;
}

/** After a restore nobody knows what went out since: what was to begin is a draft again, what had begun stands still. */
export async function holdSends(scope: Scope): Promise<void> {
  const values = { organizationId: scope.organization.id, now: scope.now() };
  await scope.db.raw(
    `delete from outreach.recipient r using outreach.send s
     where s.id = r.send_id and s.organization_id = :organizationId and s.state = 'approved'`,
    values,
  );
  await scope.db.raw(
    `update outreach.recipient r set state = 'unknown', settled_at = :now from outreach.send s
     where s.id = r.send_id and s.organization_id = :organizationId and s.state in ('sending', 'paused')
       and r.state in ('ready', 'claimed', 'handed')`,
    values,
  );
  await scope.db.raw(
    `update outreach.send set changed_at = :now,
       state = case state when 'approved' then 'draft' else 'paused' end
     where organization_id = :organizationId and state in ('approved', 'sending')`,
    values,
  );
}

/** Of invented chapters. */
export async function deleteInvented(scope: Scope, chapters: readonly string[]): Promise<void> {
  const values = { chapters: [...chapters] };
  await scope.db.raw(
    `delete from outreach.recipient r using outreach.send s
     where s.id = r.send_id and s.organization_id = any (cast(:chapters as bigint[]))`,
    values,
  );
  await scope.db.raw(
    `delete from outreach.selection o using outreach.send s
     where s.id = o.send_id and s.organization_id = any (cast(:chapters as bigint[]))`,
    values,
  );
  await scope.db.raw(
    'delete from outreach.send where organization_id = any (cast(:chapters as bigint[]))',
    values,
  );
}
