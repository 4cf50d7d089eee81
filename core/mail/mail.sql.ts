// Rows of the outbox, and the steps that each goes through once.
import type { Db } from '../database/connect.ts';
import type { MailPurpose } from '../mail-services.ts';
import type { MailSender } from '../sending-services.ts';

export type MailState = 'ready' | 'claimed' | 'handed' | 'accepted' | 'refused' | 'unknown';

export interface NewMail {
  organizationId: string;
  /** Whole: `accounts/link`. */
  view: string;
  locale: string;
  personId: string | undefined;
  holdsKey: boolean;
  bulk: boolean;
  despiteNo: boolean;
  purpose: MailPurpose | undefined;
  topic: string | undefined;
  headers: Record<string, string>;
  sender: MailSender | undefined;
  to: string;
  subject: string;
  html: string;
  text: string;
  messageId: string;
  now: Date;
}

export async function insertMail(db: Db, mail: NewMail): Promise<string> {
  const [row] = await db('core.outbox')
    .insert({
      organization_id: mail.organizationId,
      view: mail.view,
      locale: mail.locale,
      person_id: mail.personId ?? null,
      holds_key: mail.holdsKey,
      bulk: mail.bulk,
      despite_no: mail.despiteNo,
      purpose: mail.purpose ?? null,
      topic: mail.topic ?? null,
      headers: JSON.stringify(mail.headers),
      sender: mail.sender ? JSON.stringify(mail.sender) : null,
      to_address: mail.to,
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      message_id: mail.messageId,
      created_at: mail.now,
      due_at: mail.now,
    })
    .returning('id');
  return row.id;
}

/** Organizations that have something to send now. */
export async function findOrganizationsToServe(db: Db, now: Date): Promise<string[]> {
  const { rows } = await db.raw(
    `select distinct organization_id as id from core.outbox where state = 'ready' and due_at <= :now`,
    { now },
  );
  return rows.map((row: { id: string }) => row.id);
}

export interface ClaimedMail {
  id: string;
  to: string;
  subject: string;
  html: string;
  text: string;
  messageId: string;
  attempts: number;
  headers: Record<string, string>;
  sender: MailSender | null;
  personId: string | null;
  purpose: MailPurpose | null;
  topic: string | null;
  bulk: boolean;
  despiteNo: boolean;
}

/** Takes the oldest that are due, so that no other process does; none while an invented party is here. */
export async function claimMails(
  db: Db,
  by: { organizationId: string; holder: string; now: Date; limit: number; bulk: boolean },
): Promise<ClaimedMail[]> {
  const { rows } = await db.raw(
    `update core.outbox set state = 'claimed', holder = :holder, attempts = attempts + 1
     where id in (
       select id from core.outbox
       where organization_id = :organizationId and state = 'ready' and bulk = :bulk
         and due_at <= :now and not exists (select from core.demo)
       order by due_at, id limit :limit for update skip locked
     )
     returning id, to_address as "to", subject, html, text, message_id as "messageId", attempts,
       person_id as "personId", purpose, topic, bulk, despite_no as "despiteNo", headers, sender`,
    {
      organizationId: by.organizationId,
      holder: by.holder,
      now: by.now,
      limit: by.limit,
      bulk: by.bulk,
    },
  );
  return rows;
}

/** Said before the server is spoken to; answers false when the row was erased or taken meanwhile. */
export async function markHanded(db: Db, id: string, holder: string, now: Date): Promise<boolean> {
  const count = await db('core.outbox')
    .where({ id, holder, state: 'claimed' })
    .update({ state: 'handed', handed_at: now });
  return count > 0;
}

/** The end of a message; an answer that comes late still settles one that was taken for unknown. */
export async function settleMail(
  db: Db,
  id: string,
  end: { state: 'accepted' | 'refused' | 'unknown'; answer: string; now: Date; holder: string },
): Promise<void> {
  await db('core.outbox')
    .where({ id, holder: end.holder })
    .whereIn('state', ['handed', 'unknown'])
    .update({ state: end.state, answer: end.answer, settled_at: end.now });
}

/** Who knows its reader said no: it was never handed over. */
export async function refuseClaimed(
  db: Db,
  id: string,
  end: { answer: string; now: Date; holder: string },
): Promise<void> {
  await db('core.outbox')
    .where({ id, holder: end.holder, state: 'claimed' })
    .update({ state: 'refused', answer: end.answer, settled_at: end.now });
}

/** What was not sent is tried again from `dueAt` on. `tried`: whether that counts as an attempt. */
export async function giveBackMails(
  db: Db,
  ids: string[],
  back: { holder: string; dueAt: Date; answer: string; tried: boolean },
): Promise<void> {
  await db('core.outbox')
    .whereIn('id', ids)
    .where({ holder: back.holder })
    .whereIn('state', ['claimed', 'handed'])
    .update({
      state: 'ready',
      holder: null,
      due_at: back.dueAt,
      answer: back.answer,
      attempts: db.raw('attempts - :back', { back: back.tried ? 0 : 1 }),
    });
}

/** Ids of processes that hold messages. */
export async function findMailHolders(db: Db): Promise<string[]> {
  const rows = await db('core.outbox')
    .distinct('holder')
    .whereIn('state', ['claimed', 'handed'])
    .whereNotNull('holder');
  return rows.map(({ holder }) => holder);
}

/** Of processes that died: what was only claimed is sent after all, what was handed over is unknown for good. */
export async function settleLost(db: Db, dead: string[], now: Date): Promise<number> {
  await db('core.outbox')
    .whereIn('holder', dead)
    .where({ state: 'claimed' })
    .update({ state: 'ready', holder: null });
  return db('core.outbox')
    .whereIn('holder', dead)
    .where({ state: 'handed' })
    .update({ state: 'unknown', settled_at: now });
}

/** A person's messages; those of the person merged into another; those that nobody needs any more. */
export async function findMailsOf(
  db: Db,
  personId: string,
  after: string,
  limit: number,
): Promise<{ id: string; at: Date; subject: string; text: string | null; state: MailState }[]> {
  return (
    db('core.outbox')
      .select('id', 'subject', 'state', { at: 'created_at' })
      // The copy passes through the hands of staff, who must not get a key by it.
      .select(db.raw('case when not holds_key then text end as text'))
      .where({ person_id: personId })
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
  );
}

export async function deleteMailsOf(db: Db, personId: string): Promise<number> {
  return db('core.outbox').where({ person_id: personId }).delete();
}

/** Of every organization: a no to one is a no to all. What a worker took and did not hand over yet still waits. */
export async function deleteWaiting(db: Db, addresses: readonly string[]): Promise<void> {
  for (const state of ["state = 'ready'", "state in ('claimed', 'handed') and state = 'claimed'"]) {
    await db.raw(
      `delete from core.outbox where ${state} and not despite_no
         and lower(to_address) = any (cast(:addresses as text[]))`,
      { addresses: addresses.map((address) => address.toLowerCase()) },
    );
  }
}

/** Whose a message is may come out after it was written, e.g. when they confirm. */
export async function assignMails(
  db: Db,
  of: { plugin: string; personId: string; addresses: readonly string[] },
): Promise<void> {
  await db.raw(
    `update core.outbox set person_id = :personId
     where person_id is null and starts_with(view, :prefix)
       and lower(to_address) = any (cast(:addresses as text[]))`,
    { personId: of.personId, prefix: `${of.plugin}/`, addresses: [...of.addresses] },
  );
}

export async function moveMails(db: Db, from: string, into: string): Promise<void> {
  await db('core.outbox').where({ person_id: from }).update({ person_id: into });
}

export async function deleteSettledBefore(db: Db, before: Date): Promise<number> {
  return db('core.outbox').where('settled_at', '<', before).delete();
}
