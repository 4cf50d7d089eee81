// The site of a party that has written nothing yet: a front page, news, a sign-up page, and what the law asks for.
import type { Scope } from 'rostra/plugin';
import { cleanBody } from './body.ts';
import { findPageByPath, insertPage, type Kind } from './page.sql.ts';
import { insertRevision } from './redirect.sql.ts';

const first: { kind: Kind; name: string; inMenu: boolean }[] = [
  { kind: 'front', name: 'front', inMenu: false },
  { kind: 'news', name: 'news', inMenu: true },
  { kind: 'sign_up', name: 'join', inMenu: false },
  { kind: 'privacy', name: 'privacy', inMenu: false },
  { kind: 'imprint', name: 'imprint', inMenu: false },
];

/** In the scope's language, so a visitor's or the setup's. Two who come first at once make it once: its addresses are unique. */
export async function ensureSite(scope: Scope): Promise<void> {
  if (await findPageByPath(scope, '/')) return;
  await scope.write(async (own) => {
    for (const [position, page] of first.entries()) await insert(own, page, position);
  });
}

async function insert(
  scope: Scope,
  { kind, name, inMenu }: (typeof first)[number],
  position: number,
): Promise<void> {
  const { organization } = scope;
  const text = (part: string) =>
    scope.t(`website.default.${name}.${part}`, { party: organization.name });
  const slug = kind === 'front' ? '' : text('slug');
  const id = await insertPage(scope, {
    ...{ kind, slug, position, inMenu },
    parentId: undefined,
    path: `/${slug}`,
    title: text('title'),
    summary: text('summary'),
    body: paragraphs(text('body')),
    state: 'published',
    publishAt: scope.now(),
    author: undefined,
  });
  if (id) await insertRevision(scope, id);
}

function paragraphs(text: string): string {
  const all = text.split('\n\n').map((words) => `<p>${words}</p>`);
  return cleanBody(all.join('\n'));
}
