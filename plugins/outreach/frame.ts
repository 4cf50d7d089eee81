// What stands around every text: who writes, why the reader gets it, how to stop it, and what else the law wants said.
import { type Law, refused, type Scope } from 'rostra/plugin';
import { channelOf } from './channel.ts';
import type { Deps } from './deps.ts';
import { counting, type Frame, type Framed, type Notice, sampleMark, stop } from './index.ts';
import { transparencyPath } from './selection.ts';

export async function frameOf(scope: Scope, deps: Deps, about: Framed): Promise<Frame> {
  const asked = await askedBy(scope, deps, about);
  const own: Own = {
    ...{ asked, rights: await rightsPath(scope, deps) },
    ...{ audience: await nameOf(scope, deps, about), isSelection: about.tagId !== undefined },
    transparency: transparencyPath(about.mark ?? sampleMark),
  };
  const notices = [...new Set([...always, ...asked, ...ofIndirect(scope)])];
  const strange = notices.filter((word) => !(word in words));
  // What the law wants said and nobody here can say is not left out: nothing is sent.
  if (strange.length > 0) throw refused('outreach.notice-unknown', { notices: strange });
  return {
    notices: ({ isDirect, isCounted = false }) => [
      ...notices.flatMap((word) => {
        if (word === 'source_if_indirect' && isDirect) return [];
        return words[word as Word]?.(scope, own) ?? [];
      }),
      ...(isCounted ? [counted] : []),
    ],
  };
}

/** In each message that is counted, also where no law asks for it: that it is, and a link to end it. */
const counted: Notice = {
  key: 'outreach.notice.counted',
  link: { path: counting, label: 'outreach.notice.counted.link' },
};

const always = ['electoral_label', 'sender', 'purpose', 'source_if_indirect', 'unsubscribe'];
interface Own {
  asked: readonly string[];
  rights: string | undefined;
  /** Name of the newsletter, or the tag. */
  audience: string;
  isSelection: boolean;
  transparency: string;
}

async function nameOf(scope: Scope, deps: Deps, { newsletterId, tagId }: Framed): Promise<string> {
  const found = tagId
    ? await deps.tags.find(scope, tagId)
    : newsletterId && (await deps.newsletters.find(scope, newsletterId));
  return found ? found.name : scope.organization.name;
}

async function askedBy(scope: Scope, deps: Deps, about: Framed): Promise<string[]> {
  const { law } = scope;
  if (!about.tagId) return noticesOf(law, 'newsletter.send');
  const { info } = await channelOf(scope, deps, about.channel);
  const all = [
    ...noticesOf(law, `message.${info.reach}`),
    ...noticesOf(law, 'audience.segment'),
    ...(info.reach === 'email' ? (law.rule('messaging.notices').value ?? []) : []),
  ];
  // Reg. (EU) 2024/900, art. 11: where a selection makes it an advertisement, it says what one has to say.
  const isAdvertisement = all.includes('political_advertisement');
  return [...all, ...(isAdvertisement ? (law.rule('notices.ad').value ?? []) : [])];
}

function noticesOf(law: Law, capability: string): string[] {
  // A refusal lays nothing on anybody: what an allowed one does is asked.
  const met = law.decide({ capability }).reasons.flatMap(({ missing = [] }) => missing);
  const { obligations } = law.decide({ capability, met });
  const asked = obligations.filter(({ kind }) => kind === 'notice').flatMap(({ value }) => value);
  return asked.map(String);
}

/** GDPR art. 14: what is said to whom the address did not come from; the source, to them alone. */
function ofIndirect({ law }: Scope): string[] {
  const asked = law.rule('notices.indirect').value ?? [];
  return asked.map((word) => (word === 'source' ? 'source_if_indirect' : word));
}

const words = {
  sender: ({ organization }) => {
    const { controller, address, contact } = organization.legal;
    const parts = [controller ?? organization.name, address, contact];
    return [
      { key: 'outreach.notice.sender', params: { sender: parts.filter(Boolean).join(', ') } },
    ];
  },
  purpose: ({ organization }, { audience, isSelection }) => {
    const params = { organization: organization.name };
    if (!isSelection)
      return [{ key: 'outreach.notice.purpose', params: { ...params, newsletter: audience } }];
    return [{ key: 'outreach.notice.selection', params: { ...params, tag: audience } }];
  },
  source_if_indirect: () => [{ key: 'outreach.notice.source' }],
  unsubscribe: (_scope, own) => [
    { key: 'outreach.notice.stop', link: { path: stop, label: 'outreach.notice.stop.link' } },
    ...rightsOf(own),
  ],
  // By the same way out, which the channel says in its own words.
  stop: () => [],
  objection_means: () => [],
  privacy_link: () => [],
  rights_channel: () => [],
  authorised_by: ({ organization }) => by('authorised', organization),
  paid_for_by: ({ organization }) => by('paid', organization),
  electoral_label: (_scope, { asked }) =>
    asked.includes('electoral_label') ? [{ key: 'outreach.notice.electoral' }] : [],
  political_advertisement: () => [{ key: 'outreach.notice.political' }],
  sponsor: ({ organization }) => by('sponsor', organization),
  // Behind one link: to which election it is linked, and by what its readers were chosen.
  election: () => [],
  targeting: () => [],
  transparency_link: (_scope, { transparency }) => [
    {
      key: 'outreach.notice.transparency',
      link: { path: transparency, label: 'outreach.notice.transparency.link' },
    },
  ],
} satisfies Record<string, (scope: Scope, own: Own) => Notice[]>;
type Word = keyof typeof words;

/** By one link the reader sees what is kept, objects and has it erased: what the law calls by three names. */
function rightsOf({ rights }: Own): Notice[] {
  if (!rights) return [];
  return [
    { key: 'outreach.notice.rights', link: { path: rights, label: 'outreach.notice.rights.link' } },
  ];
}

function by(what: string, { name, legal }: Scope['organization']): Notice[] {
  const who = [legal.controller ?? name, legal.address].filter(Boolean).join(', ');
  return [{ key: `outreach.notice.${what}`, params: { who } }];
}

async function rightsPath(scope: Scope, deps: Deps): Promise<string | undefined> {
  for (const { service } of deps.rightsDesks(scope)) {
    const path = await service.path(scope);
    if (path) return path;
  }
  return undefined;
}
