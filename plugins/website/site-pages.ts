// Pages that have a type, found by the plugins that fill them.
import type { SitePages } from './index.ts';
import { findTypedPage, findTypedPages } from './typed.sql.ts';

export const sitePages: SitePages = { find: findTypedPage, ofType: findTypedPages };
