// What stands around every text: who writes, why the reader gets it, how to stop it, and what else the law wants said.
import { refused, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { type Frame, type Notice, stop } from './index.ts';

export async function frameOf(scope: Scope, deps: Deps, newsletterId: string): Promise<Frame> {
  const found = await deps.newsletters.find(scope, newsletterId);
  const newsletter = found?.name ?? scope.organization.name;
  const asked = askedBy(scope);
  const rights = await rightsPath(scope, deps);
  const own = { newsletter, rights };
  const notices = [...new Set([...always, ...asked, ...ofIndirect(scope)])];
  const strange = notices.filter((word) => !(word in words));
  // What the law wants said and nobody here can say is not left out: nothing is sent.
  if (strange.length > 0) throw refused('outreach.notice-unknown', { notices: strange });
  return {
    newsletter,
    notices: ({ isDirect }) =>
      notices.flatMap((word) => {
        if (word === 'source_if_indirect' && isDirect) return [];
        return words[word as Word]?.(scope, own) ?? [];
      }),
  };
}

const always = ['electoral_label', 'sender', 'purpose', 'source_if_indirect', 'unsubscribe'];
type Own = { newsletter: string; rights: string | undefined };
const label = 'electoral_label';

function askedBy({ law }: Scope): string[] {
  const capability = 'newsletter.send';
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
  purpose: ({ organization }, { newsletter }) => [
    { key: 'outreach.notice.purpose', params: { newsletter, organization: organization.name } },
  ],
  source_if_indirect: () => [{ key: 'outreach.notice.source' }],
  unsubscribe: (_scope, own) => [
    { key: 'outreach.notice.stop', link: { path: stop, label: 'outreach.notice.stop.link' } },
    ...rightsOf(own),
  ],
  objection_means: () => [],
  privacy_link: () => [],
  rights_channel: () => [],
  authorised_by: ({ organization }) => by('authorised', organization),
  paid_for_by: ({ organization }) => by('paid', organization),
  electoral_label: (scope) =>
    askedBy(scope).includes(label) ? [{ key: 'outreach.notice.electoral' }] : [],
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
