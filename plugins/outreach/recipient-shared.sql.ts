// A number that several have gets a text once: if not by the first of them, then by the next.
import type { Scope } from 'rostra/plugin';

/** Before it begins: of several who would get it at one number all but the first are left out. */
export async function skipShared(scope: Scope, sendId: string): Promise<void> {
  await scope.db.raw(
    `update outreach.recipient r set state = 'skipped', answer = 'shared', settled_at = :now
     from (select id, row_number() over (partition by address order by id) as place
           from outreach.recipient where send_id = :sendId and state = 'ready') one
     where r.id = one.id and one.place > 1
       and exists (select from outreach.send s where s.id = :sendId and s.organization_id = :organizationId
         and s.state = 'approved')`,
    { sendId, organizationId: scope.organization.id, now: scope.now() },
  );
}

/** Before their addresses change: of each number at which these do not get it, the next who has it does. */
export async function passOn(scope: Scope, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await scope.db.raw(
    `update outreach.recipient n set state = 'ready', answer = null, settled_at = null, due_at = :now
     from (
       select distinct on (o.address) o.id
       from outreach.recipient gone join outreach.recipient o on o.send_id = gone.send_id and o.address = gone.address
       where gone.id = any (cast(:ids as bigint[])) and o.answer = 'shared' and o.state = 'skipped' and o.person_id is not null
       order by o.address, o.id) next
     where n.id = next.id`,
    { ids: [...ids], now: scope.now() },
  );
}

/** Of those whose number changed since the list was made, at whose new one somebody of `people` gets it. */
export async function findShared(
  scope: Scope,
  sendId: string,
  moved: readonly { id: string; address: string }[],
  people: readonly string[],
): Promise<string[]> {
  const found = await scope.db.raw(
    `select m.id from unnest(cast(:ids as bigint[]), cast(:addresses as text[])) as m (id, address)
     where exists (select from outreach.recipient o
       where o.send_id = :sendId and o.person_id = any (cast(:people as bigint[])) and o.address = m.address
         and o.id <> m.id and o.state in ('ready', 'claimed', 'handed', 'accepted', 'unknown'))`,
    {
      ...{ sendId, people: [...people] },
      ids: moved.map(({ id }) => id),
      addresses: moved.map(({ address }) => address),
    },
  );
  return found.rows.map((row: { id: string }) => row.id);
}
