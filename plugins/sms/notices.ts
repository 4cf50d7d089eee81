// What stands around every text message: who writes, how to stop it, and what else the packs want said. In the language of the text.
import { type Frame, sampleMark } from 'rostra/outreach';
import { refused, type Scope } from 'rostra/plugin';
import type { Around } from './content.ts';
import { plainly } from './parts.ts';

export interface Way {
  /** As whom it is sent. */
  sender: string;
  /** Where the organization's site stands. */
  site: string;
  /** Where on the site the reader stops it, where no word does. */
  stopPath: string;
  /** The same in few signs, for senders that cannot be answered. */
  shortPath?: string | undefined;
  isDirect: boolean;
  /** Of the send; one as long if left out. */
  mark?: string;
}

export function aroundOf(scope: Scope, frame: Frame, way: Way): Around {
  const asked = scope.law.rule('messaging.sms.notices').value ?? [];
  const lines = new Set([...always, ...asked]);
  const strange = [...lines].filter((word) => !(word in words));
  // What the law wants said and nobody here can say is not left out: nothing is sent.
  if (strange.length > 0) throw refused('sms.notice-unknown', { notices: strange });
  const said = [...lines]
    .filter((word) => word !== 'sender')
    .flatMap((word) => words[word as Word]?.(scope, way) ?? []);
  return {
    before: words.sender(scope),
    after: [...new Set([...said, ...others(scope, frame, way)])],
    own: { site: way.site, mark: way.mark ?? sampleMark },
  };
}

const always = ['sender', 'stop'];

const words = {
  sender: (scope: Scope): string[] => [nameOf(scope)],
  stop: (scope: Scope, { sender, site, ...way }: Way): string[] => {
    const word = stopWord(scope);
    const isAnswerable = /^[+0-9]+$/.test(sender);
    if (isAnswerable && word !== undefined) return [say(scope, 'sms.notice.stop', { word })];
    const stopPath = (isAnswerable ? undefined : way.shortPath) ?? way.stopPath;
    return [say(scope, 'sms.notice.stop-link', { link: `${site}${stopPath}` })];
  },
  authorised_by: (scope: Scope): string[] => [by(scope, 'authorised')],
  paid_for_by: (scope: Scope): string[] => [by(scope, 'paid')],
} satisfies Record<string, (scope: Scope, way: Way) => string[]>;
type Word = keyof typeof words;

/** What the engine lays around each text of this audience, but for what is said above in fewer signs, or behind the link. */
function others(scope: Scope, frame: Frame, { isDirect, site }: Way): string[] {
  return frame
    .notices({ isDirect })
    .filter(({ key }) => !shorter.includes(key))
    .map(({ key, params, link }) => {
      const words = say(scope, key, params);
      return typeof link?.path === 'string' ? `${words} ${site}${link.path}` : words;
    });
}
const shorter = ['sender', 'purpose', 'stop', 'rights'].map((word) => `outreach.notice.${word}`);

export const nameOf = ({ organization }: Scope): string =>
  plainly(organization.legal.controller ?? organization.name);

/** Where no pack names one, the way out is a link. */
export const stopWord = ({ law }: Scope): string | undefined =>
  law.rule('messaging.opt_out.shown').each[0]?.[0];

function by(scope: Scope, what: 'authorised' | 'paid'): string {
  const { address } = scope.organization.legal;
  const who = [nameOf(scope), address].filter(Boolean).join(', ');
  return say(scope, `outreach.notice.${what}`, { who });
}

export function say(scope: Scope, key: string, params?: Record<string, unknown>): string {
  return plainly(scope.t(key, params, scope.organization.locale).replace(/[\u00a0\u202f]/g, ' '));
}
