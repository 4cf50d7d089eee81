// Text messages as a channel of outreach: how one is checked, filled in for each reader, and handed over.
import type { Frame, OutreachChannel } from 'rostra/outreach';
import type { Scope } from 'rostra/plugin';
import { type Around, contentOf, faultsIn, whole } from './content.ts';
import type { Deps } from './deps.ts';
import { type AccountRow, findOwnAccount } from './gateway-account.sql.ts';
import { openLine } from './line.ts';
import { aroundOf } from './notices.ts';
import { isStopped } from './opt-out.sql.ts';
import { markOf } from './opt-out.ts';
import { makePace } from './pace.ts';
import { countParts } from './parts.ts';

export const channel = 'sms';

export function makeChannel(deps: Deps): OutreachChannel {
  return {
    describe: async () => ({
      ...{ id: channel, name: 'sms.name', begin: 'sms.begin', href: '/sms', reach: 'sms' },
    }),
    async check(scope, { content, newsletterId }) {
      const account = await accountOf(scope);
      const frame = await deps.outreach.frame(scope, newsletterId);
      const around = await sampleAround(scope, deps, frame, account?.sender);
      return faultsIn(contentOf(content), around).map(({ path, message }) => ({ path, message }));
    },
    async obstacle(scope) {
      return (await accountOf(scope)) ? undefined : 'sms.waits.account';
    },
    take: async (_scope, most) => ({ count: most, giveBack: async () => {} }),
    async open(scope, { content }, frame) {
      const account = await accountOf(scope);
      const line = account && (await openLine(scope, deps, account).catch(() => undefined));
      if (!account || !line) return undefined;
      const kept = contentOf(content);
      const site = await deps.siteAddress.of(scope);
      const turn = makePace(account.perSecond);
      const { sender: from } = account;
      return {
        lanes: line.lanes,
        answers: async () => true,
        close: () => void line.close(),
        async write({ key, address: to, givenName, isDirect, stopPath, personId }) {
          const around = aroundOf(scope, frame, { sender: from, site, stopPath, isDirect });
          const text = whole(kept, around, givenName);
          const { alphabet: encoding, parts } = countParts(text);
          const message = { key, from, to, text, encoding, parts, personId };
          const isUnwanted = await isStopped(scope, await markOf(scope, deps, to));
          return async (cut) => {
            if (isUnwanted) return { state: 'refused', answer: 'stop' };
            await turn(cut);
            const { state, answer } = await line.hand(message, cut);
            return { state, answer };
          };
        },
      };
    },
  };
}

/** A job reads past the second wall; staff of a chapter read their own. */
export const accountOf = (scope: Scope): Promise<AccountRow | undefined> => findOwnAccount(scope);

/** As around a text to who gave their number themselves. */
export async function sampleAround(
  scope: Scope,
  deps: Deps,
  frame: Frame,
  sender = '',
): Promise<Around> {
  const site = await deps.siteAddress.of(scope);
  return aroundOf(scope, frame, { sender, site, stopPath: sampleStop, isDirect: true });
}

/** As long as a real one. */
const sampleStop = `/unsubscribe/${'x'.repeat(64)}`;
