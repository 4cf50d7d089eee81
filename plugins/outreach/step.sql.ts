// One step of several recipients at once: how the last ones ended, and which are handed over next.
import { prepared, type Scope } from 'rostra/plugin';
import type { End } from './steps.ts';

/**
 * `next` is said before the peer is spoken to. Answers which of these are ours to hand over: not what was erased, taken,
 * paused or cancelled meanwhile. An answer that comes late still settles what was taken for unknown. `isAgain`: the same
 * was asked before, and nobody knows whether it was committed.
 */
export async function stepRecipients(
  scope: Scope,
  {
    holder,
    ends,
    next,
    isAgain,
  }: { holder: string; ends: readonly End[]; next: readonly string[]; isAgain: boolean },
): Promise<Set<string>> {
  const now = scope.now();
  const found = await prepared(
    scope.db,
    `with ended as (
       update outreach.recipient r set state = e.state, answer = e.answer,
         settled_at = case when e.state <> 'ready' then cast(:now as timestamptz) end,
         holder = case when e.state <> 'ready' then r.holder end,
         due_at = coalesce(e.due, r.due_at), attempts = r.attempts - e.less
       from unnest(cast(:ids as bigint[]), cast(:states as text[]), cast(:answers as text[]),
         cast(:dues as timestamptz[]), cast(:less as int[])) as e (id, state, answer, due, less)
       where r.id = e.id and r.holder = :holder
         and (r.state = 'handed' or r.state = 'unknown' and e.state <> 'ready'))
     update outreach.recipient r set state = 'handed', handed_at = :now
     where r.id = any (cast(:next as bigint[])) and r.holder = :holder
       and (r.state = 'claimed' or cast(:isAgain as boolean) and r.state = 'handed')
       and exists (select from outreach.send s where s.id = r.send_id and s.state = 'sending')
     returning r.id`,
    {
      ...{ now, holder, isAgain, next: [...next] },
      ids: ends.map(({ id }) => id),
      states: ends.map(({ state }) => (isBack(state) ? 'ready' : state)),
      answers: ends.map(({ state, answer }) => (state === 'kept' ? null : answer)),
      dues: ends.map((end) => (isBack(end.state) ? dueAgain(now, end) : null)),
      less: ends.map(({ state }) => (state === 'kept' ? 1 : 0)),
    },
  );
  return new Set(found.rows.map(({ id }: { id: string }) => id));
}

const isBack = (state: End['state']): boolean => state === 'later' || state === 'kept';

/** A minute after the first attempt, then four times as long each, at most 17 hours. */
function dueAgain(now: Date, { state, attempts }: End): Date {
  if (state === 'kept') return now;
  return new Date(now.getTime() + 60_000 * 4 ** Math.min(attempts - 1, 5));
}
