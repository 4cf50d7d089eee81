// A page as its view gets it.
import { richText } from 'rostra/plugin';
import { textOf } from './body.ts';
import type { Page } from './page.sql.ts';

/** The page, and what the theme's layout tells search engines and networks of it. */
export function headOf(page: Page) {
  const description = page.summary || textOf(page.body, 200) || undefined;
  const { image } = page;
  const og = {
    type: page.kind === 'post' ? 'article' : 'website',
    ...(image && { image: image.href, imageAlt: image.alt }),
  };
  return { title: page.title, description, og, page, content: richText(page.body) };
}
