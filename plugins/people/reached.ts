// Of some people at once: whether they may be reached now, by which address, and on what that rests.
import type { Law, Scope } from 'rostra/plugin';
import { kindOf } from './consent.ts';
import type { Reach, ReachAct, Reached } from './index.ts';
import { findPlaces } from './reach.sql.ts';
import { type Plan, planOf } from './reach-plan.ts';
import { findWaysTo } from './reached.sql.ts';
import { countryOfNumber } from './telephone.ts';

export const findAmong: Reach['among'] = async (scope, personIds, act) => {
  if (personIds.length === 0) return [];
  const plan = planNow(scope, act);
  const places = await findPlaces(scope, plan, { ids: [...personIds] });
  const rows = await findWaysTo(scope, act, personIds);
  const ways = new Map(rows.map((row) => [row.id, row]));
  return places.flatMap(({ id, place }): Reached[] => {
    const answer = plan.answers[place];
    const way = ways.get(id);
    if (!answer || !way) return [];
    const { address, givenName, locale, consentId, isDirect } = way;
    const country = way.country ?? dialled(address, act);
    return [
      {
        ...{ personId: id, answer, isDirect: isDirect === true },
        ...(address && { address }),
        ...(givenName && { givenName }),
        ...(locale && { locale }),
        ...(country && { country }),
        ...(consentId && { consentId }),
      },
    ];
  });
};

function dialled(address: string | null, { channel }: ReachAct): string | undefined {
  return address && kindOf(channel) === 'phone' ? countryOfNumber(address) : undefined;
}

/** Laid out once for the batches that follow each other; the law may change meanwhile. */
const planMs = 10_000;
const kept = new WeakMap<Law, { key: string; at: number; plan: Plan }>();

function planNow(scope: Scope, act: ReachAct): Plan {
  const { law } = scope;
  const [key, at] = [JSON.stringify(act), scope.now().getTime()];
  const known = kept.get(law);
  if (known?.key === key && Math.abs(at - known.at) < planMs) return known.plan;
  const plan = planOf(law, act);
  kept.set(law, { key, at, plan });
  return plan;
}
