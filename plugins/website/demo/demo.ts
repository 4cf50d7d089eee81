// Pages and news of an invented party, and their going.
import { readFileSync } from 'node:fs';
import type { Demo, DemoPlan, Scope } from 'rostra/plugin';
import { cleanBody } from '../body.ts';
import { ensureSite } from '../default-site.ts';
import type { Deps } from '../deps.ts';
import { findPageByPath, findPages, insertPage, type PageValues } from '../page.sql.ts';
import { insertRevision } from '../redirect.sql.ts';
import { pathOf, slugOf } from '../slug.ts';
import { deletePagesOf } from './demo.sql.ts';

interface Written {
  title: string;
  summary: string;
  body: string;
  author: string;
  slug?: string;
  /** Slug of the page that it stands below. */
  below?: string;
  inMenu?: boolean;
  /** How many days ago it came out; below zero: to come out; none: a draft. */
  days?: number | null;
}
interface WrittenSite {
  pages: Written[];
  posts: Written[];
}

export function makeDemo(deps: Pick<Deps, 'cache'>): Demo {
  return {
    async fill(scope, plan) {
      const file = new URL(`${plan.country}.json`, import.meta.url);
      const texts: WrittenSite & { chapters: WrittenSite[] } = JSON.parse(
        readFileSync(file, 'utf8'),
      );
      await scope.write((own) => write(own, plan, deps, texts));
      for (const [at, chapter] of plan.chapters.entries()) {
        const site = texts.chapters[at];
        if (site) await chapter.scope.write((own) => write(own, plan, deps, site));
      }
    },
    async remove(scope, traces) {
      await deletePagesOf(scope, traces.chapters, await traces.marked(scope, 'page'));
      await deps.cache.drop(scope);
    },
  };
}

async function write(
  scope: Scope,
  plan: DemoPlan,
  deps: Pick<Deps, 'cache'>,
  { pages, posts }: WrittenSite,
): Promise<void> {
  await ensureSite(scope);
  const made: string[] = [];
  const news = (await findPages(scope)).find(({ kind }) => kind === 'news');
  for (const [position, page] of pages.entries()) {
    const parent = page.below && (await findPageByPath(scope, `/${page.below}`));
    made.push(...(await insert(scope, page, { kind: 'page', position: 10 + position, parent })));
  }
  for (const post of posts) {
    made.push(...(await insert(scope, post, { kind: 'post', position: 0, parent: news })));
  }
  await plan.mark(scope, 'page', made);
  await deps.cache.drop(scope);
}

interface Place {
  kind: 'page' | 'post';
  position: number;
  parent: { id: string; path: string } | '' | undefined;
}

/** Nothing when its address is taken: what the party has written stays. */
async function insert(
  scope: Scope,
  page: Written,
  { kind, position, parent }: Place,
): Promise<string[]> {
  const { title, summary, author, inMenu = false, days = 120 } = page;
  const slug = page.slug ?? slugOf(title);
  const values: PageValues = {
    ...{ kind, slug, title, summary, inMenu, position, author },
    parentId: parent ? parent.id : undefined,
    path: pathOf(parent ? parent.path : undefined, slug),
    body: cleanBody(page.body),
    state: days === null ? 'draft' : 'published',
    publishAt: days === null ? undefined : new Date(scope.now().getTime() - days * day),
  };
  const id = await insertPage(scope, values);
  if (!id) return [];
  await insertRevision(scope, id);
  return [id];
}

const day = 24 * 3600 * 1000;
