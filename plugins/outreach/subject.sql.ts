// What is kept of a person who was written to.
import type { Scope } from 'rostra/plugin';

/** In the order of their ids, after one. */
export async function findReceived(
  scope: Scope,
  personId: string,
): Promise<Record<string, unknown>[]> {
  const found = await scope.db.raw(
    `select s.name, s.channel, (select o.tag from outreach.selection o where o.send_id = s.id) as chosen_by_tag, r.address, r.locale, r.decision, r.state, r.answer, r.handed_at, r.settled_at, r.left_at,
       r.delivered_at, r.bounced_at, r.bounce_detail, r.complained_at, r.answered_at,
       r.is_measured, r.measure_consent_id
     from outreach.recipient r join outreach.send s on s.id = r.send_id
     where r.person_id = :personId order by r.id`,
    { personId },
  );
  return found.rows;
}

/** What they opened, and where the links led that they followed. */
export async function findReadings(
  scope: Scope,
  personId: string,
): Promise<Record<string, unknown>[]> {
  const found = await scope.db.raw(
    `select s.name, o.first_at, array(select l.href from outreach.link l
       where l.send_id = s.id and l.place = any (o.places) order by l.place) as followed
     from outreach.reading o join outreach.recipient r on r.id = o.recipient_id
     join outreach.send s on s.id = r.send_id where r.person_id = :personId order by r.id`,
    { personId },
  );
  return found.rows;
}

/** Those under way are not sent any more; of the others the count stays. */
export async function eraseReceived(scope: Scope, personId: string): Promise<void> {
  await scope.db.raw(
    `delete from outreach.recipient where person_id = :personId and state in ('ready', 'claimed')`,
    { personId },
  );
  await scope.db.raw(
    `delete from outreach.reading o using outreach.recipient r
     where r.id = o.recipient_id and r.person_id = :personId`,
    { personId },
  );
  await scope.db.raw(`${emptied} where person_id = :personId`, { personId });
}

/** Of two who are one, only one gets what is still to go out, and none who had it already. */
export async function mergeReceived(scope: Scope, from: string, into: string): Promise<void> {
  const both = { from, into };
  await scope.db.raw(
    `delete from outreach.recipient r using outreach.recipient o
     where o.send_id = r.send_id and r.state in ('ready', 'claimed')
       and (r.person_id = :from and o.person_id = :into
         or r.person_id = :into and o.person_id = :from and o.state not in ('ready', 'claimed'))`,
    both,
  );
  const isDouble = `r.person_id = :from and exists (
    select from outreach.recipient o where o.send_id = r.send_id and o.person_id = :into)`;
  await scope.db.raw(
    `delete from outreach.reading g using outreach.recipient r where r.id = g.recipient_id and ${isDouble}`,
    both,
  );
  await scope.db.raw(`${emptied} where ${isDouble}`, both);
  await scope.db.raw(
    'update outreach.recipient set person_id = :into where person_id = :from',
    both,
  );
}

export async function forgetReceived(scope: Scope, before: Date): Promise<number> {
  const found = await scope.db.raw(
    `${emptied} where person_id is not null and settled_at < :before`,
    { before },
  );
  return found.rowCount ?? 0;
}

/** The numbers stay. */
export async function forgetReadings(scope: Scope, before: Date): Promise<number> {
  const found = await scope.db.raw('delete from outreach.reading where first_at < :before', {
    before,
  });
  return found.rowCount ?? 0;
}

const emptied = `update outreach.recipient r set person_id = null, address = null, consent_id = null,
  measure_consent_id = null,
  bounce_detail = null, answer = case when state = 'skipped' then answer end`;
