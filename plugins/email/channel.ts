// E-mail as a channel of outreach: how a letter is checked, drawn for each reader, and handed over.
import type { OutreachChannel } from 'rostra/outreach';
import { contentOf, faultsIn } from './content.ts';
import type { Deps } from './deps.ts';
import { listId, makeLetters } from './letter.ts';

export const channel = 'email';

export function makeChannel({ way }: Deps): OutreachChannel {
  return {
    describe: async () => ({
      ...{ id: channel, name: 'email.name', begin: 'email.begin', href: '/email', reach: 'email' },
    }),
    check: async (_scope, { content }) => faultsIn(contentOf(content)),
    async obstacle(scope) {
      const obstacle = await way.obstacle(scope);
      return obstacle && `email.waits.${obstacle}`;
    },
    take: (scope, most) => way.take(scope, most),
    async open(scope, { content, newsletterId }, frame) {
      const open = await way.open(scope);
      if (!open) return undefined;
      const letterFor = makeLetters(contentOf(content), frame, (data, locale) =>
        way.draw(scope, { view: 'letter', data: { letter: data }, locale }),
      );
      const { hostname } = new URL(open.site);
      return {
        lanes: open.lanes,
        answers: open.answers,
        close: open.close,
        async write(reader) {
          const letter = {
            ...(await letterFor(reader)),
            ...{ from: open.from, to: reader.address, messageId: `<${reader.key}@${hostname}>` },
            headers: {
              'List-Id': listId(newsletterId, hostname),
              'List-Unsubscribe': `<${open.site}${reader.stopPath}>`,
              // RFC 8058: a POST there is all that it takes.
              'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
            },
          };
          return (cut) => open.hand(letter, reader.attempts, cut);
        },
      };
    },
  };
}
