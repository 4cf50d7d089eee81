// How many signed up by the links of what was sent to many: told to the plugin that sent it.
import type { SendOutcome } from 'rostra/outreach';
import { countTracked } from './tracked.sql.ts';

export const signUps: SendOutcome = {
  // Past the second wall: a chapter's reader may have signed up on the party's site.
  cameBy: (scope, mark) =>
    scope.aside(async (own) => ({
      name: 'website.outcome.sign-ups',
      count: await countTracked(own, mark),
    })),
};
