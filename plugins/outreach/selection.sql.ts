// The record of texts to a selection: by what people were chosen, by which rules and how many, of nobody by name.
import type { Scope } from 'rostra/plugin';
import { boundOf, within } from './bound.ts';
import type { SendState } from './index.ts';

export interface Selection {
  sendId: string;
  mark: string;
  name: string;
  channel: string;
  state: SendState;
  tag: string;
  criteria: string;
  rules: string[];
  declared: string[];
  /** Those that were near. */
  elections: string[];
  people: number;
  begunAt: Date;
  endedAt: Date | null;
  keepUntil: Date | null;
}

export interface NewSelection {
  sendId: string;
  tag: string;
  criteria: string;
  declared: readonly string[];
  elections: readonly string[];
  /** ISO 8601, how long the law has it kept; left out where it says nothing. */
  keep?: string;
}

/** Once its recipients are written down: the rules are those on which they rest. */
export async function insertSelection(scope: Scope, selection: NewSelection): Promise<void> {
  const { declared, elections, keep, ...words } = selection;
  await scope.db.raw(
    `insert into outreach.selection (send_id, tag, criteria, rules, declared, elections, people, begun_at, keep_until)
     select cast(:sendId as bigint), :tag, :criteria, array(
         select distinct rule from (select distinct r.decision from outreach.recipient r where r.send_id = :sendId) asked
           cross join unnest(string_to_array(asked.decision, '; ')) rule order by rule),
       cast(:declared as text[]), cast(:elections as text[]), (select count(*) from outreach.recipient r where r.send_id = :sendId),
       cast(:now as timestamptz), cast(:now as timestamptz) + cast(:keep as interval)
     on conflict (send_id) do nothing`,
    {
      ...{ ...words, declared: [...declared], elections: [...elections] },
      ...{ keep: keep ?? null, now: scope.now() },
    },
  );
}

const columns = `o.send_id as "sendId", s.mark, s.name, s.channel, s.state, o.tag, o.criteria, o.rules, o.declared, o.elections,
  o.people,
  o.begun_at as "begunAt", s.ended_at as "endedAt", o.keep_until as "keepUntil"`;

/** Newest first, older than the send `before`. */
export async function findSelections(
  scope: Scope,
  page: { before?: string; most: number },
): Promise<Selection[]> {
  const found = await scope.db.raw(
    `select ${columns} from outreach.selection o join outreach.send s on s.id = o.send_id
     where ${within(scope)} and (cast(:before as bigint) is null or o.send_id < :before)
     order by o.send_id desc limit :most`,
    { ...boundOf(scope), before: page.before ?? null, most: page.most },
  );
  return found.rows;
}

/** By the mark that stands in its messages. */
export async function findSelection(scope: Scope, mark: string): Promise<Selection | undefined> {
  const found = await scope.db.raw(
    `select ${columns} from outreach.selection o join outreach.send s on s.id = o.send_id
     where s.mark = :mark and ${within(scope)}`,
    { ...boundOf(scope), mark },
  );
  return found.rows[0];
}
