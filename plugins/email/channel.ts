// E-mail as a channel of outreach: how a letter is checked, drawn for each reader, and handed over.
import type { OutreachChannel } from 'rostra/outreach';
import { webPathOf } from './archive.ts';
import { markedAddress } from './bounce-address.ts';
import type { EmailSettings } from './bounce-mailbox.ts';
import { contentOf, faultsIn, linksOf, markedContent } from './content.ts';
import type { Deps } from './deps.ts';
import { metadataHeader } from './hooks/postmark.ts';
import { type LetterData, listId, makeLetters } from './letter.ts';
import { takeRoom } from './pace.ts';
import { letterSender, senderFor } from './sender.ts';

export const channel = 'email';

export function makeChannel(deps: Deps): OutreachChannel {
  const { way, seals, settings, cache } = deps;
  return {
    describe: async () => ({
      ...{ id: channel, name: 'email.name', begin: 'email.begin', href: '/email', reach: 'email' },
      ...{ hasPreview: true, canCount: true },
    }),
    check: async (_scope, { content }) => faultsIn(contentOf(content)),
    async obstacle(scope) {
      const obstacle = await way.obstacle(scope);
      return obstacle && `email.waits.${obstacle}`;
    },
    take: (scope, most) => takeRoom(scope, deps, most),
    async open(scope, { id, content, newsletterId, mark }, frame) {
      const open = await way.open(scope);
      if (!open) return undefined;
      // What went to a selection is read by nobody else.
      const webPath =
        newsletterId && (await webPathOf(scope, { seals, cache }, { id, newsletterId }));
      const draw = (data: LetterData, locale: string) =>
        way.draw(scope, { view: 'letter', data: { letter: data }, locale });
      const marked = markedContent(contentOf(content), { site: open.site, mark });
      const letterFor = makeLetters(marked, frame, draw, webPath);
      const { hostname } = new URL(open.site);
      const set = await settings.read<EmailSettings>(scope);
      const { returnAddress, postmarkSecret } = set;
      const sender = await senderFor(scope, newsletterId ?? undefined, open, set);
      return {
        lanes: open.lanes,
        answers: open.answers,
        close: open.close,
        links: linksOf(marked),
        async write(reader) {
          const letter = {
            ...(await letterFor(reader)),
            ...(await letterSender(scope, seals, sender, reader.key)),
            ...{ to: reader.address, messageId: `<${reader.key}@${hostname}>` },
            ...(returnAddress && {
              returnPath: await markedAddress(scope, seals, returnAddress, reader.key),
            }),
            headers: {
              'List-Id': listId(newsletterId ?? `selections-${scope.organization.id}`, hostname),
              'List-Unsubscribe': `<${open.site}${reader.stopPath}>`,
              // RFC 8058: a POST there is all that it takes.
              'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
              ...(postmarkSecret && { [metadataHeader]: reader.key }),
            },
          };
          return (cut) => open.hand(letter, reader.attempts, cut);
        },
      };
    },
  };
}
