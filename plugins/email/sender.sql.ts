// In whose name a newsletter's letters are, where it is not the organization's.
import type { Scope } from 'rostra/plugin';

/** Empty: the organization's. */
export interface Sender {
  name: string;
  address: string;
  replyTo: string;
}

export async function findSender(scope: Scope, newsletterId: string): Promise<Sender | undefined> {
  const found = await scope.db.raw(
    `select name, address, reply_to as "replyTo" from email.sender
     where newsletter_id = :newsletterId and organization_id = :organizationId`,
    { newsletterId, organizationId: scope.organization.id },
  );
  return found.rows[0];
}

export async function insertSender(
  scope: Scope,
  newsletterId: string,
  sender: Sender,
): Promise<void> {
  await scope.db.raw(
    `insert into email.sender as own (newsletter_id, organization_id, name, address, reply_to)
     values (:newsletterId, :organizationId, :name, :address, :replyTo)
     on conflict (newsletter_id) do update
       set name = excluded.name, address = excluded.address, reply_to = excluded.reply_to
       where own.organization_id = excluded.organization_id`,
    { ...sender, newsletterId, organizationId: scope.organization.id },
  );
}
