// The numbers of a send's recipients, kept by triggers as changes whose sum they are: read, and put together now and then.
import type { Scope } from 'rostra/plugin';
import { boundOf, within } from './bound.ts';

export interface Tally {
  all: number;
  waiting: number;
  accepted: number;
  refused: number;
  unknown: number;
  skipped: number;
  left: number;
  delivered: number;
  /** For good. */
  bounced: number;
  complained: number;
  answered: number;
  /** Of those whose message was taken: who let themselves be counted. */
  measured: number;
  opened: number;
  /** Followed a link, one at least. */
  clicked: number;
}

const names = {
  ...{ people: 'all', waiting: 'waiting', accepted: 'accepted', refused: 'refused' },
  ...{ unknown: 'unknown', skipped: 'skipped', departed: 'left', delivered: 'delivered' },
  ...{ bounced: 'bounced', complained: 'complained', answered: 'answered' },
  ...{ measured: 'measured', opened: 'opened', clicked: 'clicked' },
};
/** Of the links beside. */
const kept = [...Object.keys(names), 'followed'];
const columns = kept.join(', ');
const sums = kept.map((column) => `sum(${column})`);
const counts = Object.entries(names).map(
  ([column, name]) => `coalesce(sum(t.${column}), 0)::int as "${name}"`,
);

/** As they are at this moment, to the last recipient. */
export async function findTally(scope: Scope, sendId: string): Promise<Tally> {
  const found = await scope.db.raw(
    `select ${counts.join(', ')} from outreach.tally t join outreach.send s on s.id = t.send_id
     where t.send_id = :sendId and ${within(scope)}`,
    { ...boundOf(scope), sendId },
  );
  return found.rows[0];
}

/** Sends of the organization with so many changes that their sum is worth making. */
export async function findScattered(scope: Scope, least: number): Promise<string[]> {
  const found = await scope.db.raw(
    `select t.send_id as id from outreach.tally t join outreach.send s on s.id = t.send_id
     where s.organization_id = :organizationId group by t.send_id having count(*) >= :least`,
    { organizationId: scope.organization.id, least },
  );
  return found.rows.map(({ id }: { id: string }) => id);
}

/** Many changes become one, which is their sum; of a send that was found within the bound before. Two at once take each their own. */
export async function gatherTally(scope: Scope, sendId: string): Promise<void> {
  await scope.db.raw(
    `with taken as (
       delete from outreach.tally where id in (
         select id from outreach.tally where send_id = :sendId order by id limit 50000 for update skip locked)
       returning *)
     insert into outreach.tally (send_id, place, ${columns})
     select send_id, place, ${sums.join(', ')} from taken group by send_id, place`,
    { sendId },
  );
}
