// What was given by those who came by one link.
import type { Scope } from 'rostra/plugin';
import { held, heldBy } from './office.sql.ts';

/** Real money that was accepted and did not all go back, wherever in the party; how many gifts, and of nobody how much. */
export async function countTracked(scope: Scope, tracking: string): Promise<number> {
  const found = await scope.db.raw(
    `select count(*)::int as count from fundraising.donation d
       join fundraising.recipient r on r.id = d.recipient_id
     where d.tracking = :tracking and d.state = 'accepted' and not r.is_test`,
    { tracking },
  );
  return found.rows[0].count;
}

/** Of those recipients whose money the scope's actor may see, without what went back. */
export async function sumTracked(
  scope: Scope,
  tracking: string,
): Promise<{ currency: string; minor: number; count: number }[]> {
  const found = await scope.db.raw(
    `select d.currency, sum(d.amount_minor - d.refunded_minor) as minor, count(*)::int as count
     from fundraising.donation d join fundraising.recipient o on o.id = d.recipient_id
     where d.tracking = :tracking and d.state = 'accepted' and not o.is_test and ${held(scope, 'd.recipient_id')}
     group by d.currency order by d.currency`,
    { tracking, ...heldBy(scope) },
  );
  return found.rows.map((row: { currency: string; minor: string; count: number }) => ({
    ...{ ...row, minor: Number(row.minor) },
  }));
}
