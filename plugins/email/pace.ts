// Letters an hour, for a mail server that takes no more: what it would refuse is not handed to it.
import type { Room } from 'rostra/outreach';
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { giveBackPace, type Pace, takePace } from './pace.sql.ts';

export interface PaceSettings {
  /** 0: as many as the server takes. */
  lettersPerHour: number;
}

const [hour, minute] = [3600, 60];

/** Looked at each minute: room for a minute's letters at once, or for one where there are fewer. */
async function paceOf(scope: Scope, { settings }: Deps): Promise<Pace | undefined> {
  const { lettersPerHour = 0 } = await settings.read<Partial<PaceSettings>>(scope);
  if (lettersPerHour <= 0) return undefined;
  const gap = hour / lettersPerHour;
  const from = new Date(scope.now().getTime() - Math.max(minute, gap) * 1000);
  return { gap, from, isOwn: await settings.isOwn(scope, 'lettersPerHour') };
}

/** Of what the domain's day has room for as many as the hour has. */
export async function takeRoom(scope: Scope, deps: Deps, most: number): Promise<Room> {
  const pace = await paceOf(scope, deps);
  if (!pace) return deps.way.take(scope, most);
  const paced = await takePace(scope, pace, most);
  const day = await deps.way.take(scope, paced);
  if (day.count < paced) await giveBackPace(scope, pace, paced - day.count);
  return {
    count: day.count,
    async giveBack(own, count) {
      await day.giveBack(own, count);
      if (count > 0) await giveBackPace(own, pace, count);
    },
  };
}
