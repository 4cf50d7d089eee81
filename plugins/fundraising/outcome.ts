// Gifts by the links of what was sent to many: how many, to whoever sent it; how much, to who may see the money.
import type { SendOutcome } from 'rostra/outreach';
import { countTracked, sumTracked } from './outcome.sql.ts';
import { hasRecipient } from './recipient.sql.ts';

export const gifts: SendOutcome = {
  async cameBy(scope, mark) {
    // Past the second wall: a chapter's reader may have given to the party.
    const { isAsking, count } = await scope.aside(async (own) => ({
      isAsking: await hasRecipient(own),
      count: await countTracked(own, mark),
    }));
    if (!isAsking && count === 0) return undefined;
    const money = scope.may('fundraising.money.enter') ? await sumTracked(scope, mark) : [];
    return { name: 'fundraising.outcome.gifts', count, ...(money.length > 0 && { money }) };
  },
};
