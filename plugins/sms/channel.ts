// Text messages as a channel of outreach: how one is checked, filled in for each reader, and handed over.
import type { Frame, OutreachChannel } from 'rostra/outreach';
import { gathered, type Scope } from 'rostra/plugin';
import { type Around, contentOf, faultsIn, whole } from './content.ts';
import type { Deps } from './deps.ts';
import { type AccountRow, findAccountInUse } from './gateway-account.sql.ts';
import { openLine } from './line.ts';
import { aroundOf } from './notices.ts';
import { findStopped } from './opt-out.sql.ts';
import { markOf } from './opt-out.ts';
import { countParts } from './parts.ts';
import { sampleShort, shortPathOf } from './short.ts';

export const channel = 'sms' as const;

export function makeChannel(deps: Deps): OutreachChannel {
  return {
    describe: async () => ({
      ...{ id: channel, name: 'sms.name', begin: 'sms.begin', href: '/sms', reach: 'sms' },
      hasPreview: true,
      mend: { href: '/sms/gateway', label: 'sms.gateway.mend', permission: 'sms.account.manage' },
    }),
    async check(scope, send) {
      const account = await accountOf(scope);
      const frame = await deps.outreach.frame(scope, send);
      const around = await sampleAround(scope, deps, frame, account?.sender);
      return faultsIn(contentOf(send.content), around).map(({ path, message }) => ({
        path,
        message,
      }));
    },
    async obstacle(scope) {
      return (await accountOf(scope)) ? undefined : 'sms.waits.account';
    },
    take: async (_scope, most) => ({ count: most, giveBack: async () => {} }),
    async open(scope, { content, mark }, frame) {
      const account = await accountOf(scope);
      const line = account && (await openLine(scope, deps, account).catch(() => undefined));
      if (!account || !line) return undefined;
      const kept = contentOf(content);
      const site = await deps.siteAddress.of(scope);
      const stops = gathered<string, boolean>(async (marks) => {
        const stopped = await findStopped(scope, marks);
        return marks.map((one) => stopped.has(one));
      });
      const { sender: from } = account;
      return {
        lanes: line.lanes,
        answers: async () => true,
        close: () => void line.close(),
        async write({ key, address: to, givenName, isDirect, stopPath, personId }) {
          const around = aroundOf(scope, frame, {
            sender: from,
            site,
            stopPath,
            shortPath: shortPathOf(key),
            isDirect,
            mark,
          });
          const text = whole(kept, around, givenName);
          const { alphabet: encoding, parts } = countParts(text);
          const message = { key, from, to, text, encoding, parts, personId };
          const stopMark = await markOf(scope, deps, to);
          return async (cut) => {
            const isOurTurn = await line.turn(parts, cut).then(yes, no);
            if (!isOurTurn) return { state: 'later', answer: 'pace not known' };
            // It may have come while the message waited, claimed and written, for its turn.
            const isUnwanted = await stops.add(stopMark).catch(() => undefined);
            if (isUnwanted === undefined) return { state: 'later', answer: 'stops not known' };
            if (isUnwanted) return { state: 'refused', answer: 'stop' };
            const { state, answer } = await line.hand(message, cut);
            return { state, answer };
          };
        },
      };
    },
  };
}

const [yes, no] = [() => true, () => false];

/** Past the second wall: staff of a chapter that sends through the party's account see no row of it, but whose it is. */
export const accountOf = (scope: Scope): Promise<AccountRow | undefined> =>
  scope.write((own) => findAccountInUse(own));

/** As around a text to who gave their number themselves. */
export async function sampleAround(
  scope: Scope,
  deps: Deps,
  frame: Frame,
  sender = '',
): Promise<Around> {
  const site = await deps.siteAddress.of(scope);
  const paths = { stopPath: sampleStop, shortPath: sampleShort };
  return aroundOf(scope, frame, { sender, site, ...paths, isDirect: true });
}

/** As long as a real one. */
const sampleStop = `/unsubscribe/${'x'.repeat(64)}`;
