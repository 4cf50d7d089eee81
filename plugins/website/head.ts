// A page as its view gets it.
import { cleanHtml } from 'rostra/plugin';
import { textOf } from './body.ts';
import type { Page } from './page.sql.ts';

/** The page, and what the theme's layout tells search engines and networks of it. */
export function headOf(page: Page) {
  const description = page.summary || textOf(page.body, 200) || undefined;
  const og = { type: page.kind === 'post' ? 'article' : 'website' };
  return { title: page.title, description, og, page, content: cleanHtml(page.body) };
}
