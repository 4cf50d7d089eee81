// Takes the play money of an invented party out again, all over the party.
import type { Scope } from 'rostra/plugin';

/** What hangs on a recipient, in the order in which it can go. */
const tables = [
  ...['evidence', 'excess', 'likeness', 'official_number', 'refund', 'payment', 'payout'],
  ...['provider_account', 'series', 'donation', 'batch', 'office'],
];

/** Of these recipients, and of those of these organizations; nothing goes of one that takes real money. */
export async function deletePlayMoney(
  { db }: Scope,
  {
    recipients,
    organizations,
  }: { recipients: readonly string[]; organizations: readonly string[] },
): Promise<void> {
  // Their guards let go of what a demo names.
  await db.raw(`select set_config('rostra.erasing', 'demo', true)`);
  await db.raw(
    `create temporary table play_recipient on commit drop as
     select r.id from fundraising.recipient r where r.is_test
       and (r.id = any (cast(:recipients as bigint[])) or r.organization_id = any (cast(:organizations as bigint[])))`,
    { recipients: [...recipients], organizations: [...organizations] },
  );
  await db.raw(
    `create temporary table play_donor on commit drop as
     select distinct d.donor_id as id from fundraising.donation d join play_recipient p on p.id = d.recipient_id
     where d.donor_id is not null`,
  );
  await db.raw(
    `delete from fundraising.history_row s using fundraising.history h, play_recipient p
     where h.id = s.history_id and h.recipient_id = p.id`,
  );
  await db.raw(
    'delete from fundraising.history h using play_recipient p where h.recipient_id = p.id',
  );
  await db.raw(
    `delete from fundraising.posting t using fundraising.entry e, play_recipient p
     where e.id = t.entry_id and e.recipient_id = p.id`,
  );
  await db.raw(
    'delete from fundraising.entry e using play_recipient p where e.recipient_id = p.id',
  );
  await db.raw(
    `delete from fundraising.receipt c using play_recipient p
     where c.recipient_id = p.id and c.cancels_id is not null`,
  );
  await db.raw(
    'delete from fundraising.receipt c using play_recipient p where c.recipient_id = p.id',
  );
  for (const table of tables) {
    await db.raw(
      'delete from fundraising.?? t using play_recipient p where t.recipient_id = p.id',
      [table],
    );
  }
  await db.raw('delete from fundraising.recipient r using play_recipient p where r.id = p.id');
  await deleteDonors({ db });
}

/** Who gave nothing but that. */
async function deleteDonors({ db }: Pick<Scope, 'db'>): Promise<void> {
  await db.raw(
    `delete from play_donor p where exists (select from fundraising.donation d where d.donor_id = p.id)
       or exists (select from fundraising.likeness l where p.id in (l.donor_id, l.other_id))`,
  );
  await db.raw('delete from fundraising.donor_alias a using play_donor p where a.donor_id = p.id');
  await db.raw('delete from fundraising.donor d using play_donor p where d.id = p.id');
}

/** Of a batch that was taken to the bank on that day. */
export async function closeBatchOn({ db }: Scope, id: string, day: string): Promise<void> {
  await db.raw(
    `update fundraising.batch set deposited_on = cast(:day as date), closed_at = cast(:day as date),
       statement_reference = 'REM ' || :day where id = :id`,
    { id, day },
  );
}
