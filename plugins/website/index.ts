// The public face of website: what other plugins may hear from it, and how they bring kinds of pages of their own.
import { extensionPoint, type Fault, type Scope, type TSchema, token } from 'rostra/plugin';

export * from './tracking-services.ts';

declare module 'rostra/plugin' {
  interface EventPayloads {
    'website.page.published': { pageId: string };
    /** Somebody signed up and confirmed it from the mailbox. Heard by the site's organization and by those whose newsletters they are. */
    'website.submission.confirmed': {
      submissionId: string;
      personId: string;
      /** Those that were asked for with it. */
      newsletterIds: string[];
    };
  }
}

/** A kind of page that another plugin brings. Each is bound by itself; the same code must answer for every organization. */
export interface PageType {
  /** Asked whenever staff see a list of types, and of visitors' pages once. Bounded to five seconds, as all three are. */
  describe(scope: Scope): Promise<PageTypeDescription>;
  /** What the schema cannot tell of the settings, by its path: `/recipient`. None when all is well. */
  check(scope: Scope, settings: PageSettings): Promise<Fault[]>;
  /** What stands below the page's text. Where it fails, the page says so and answers 503. */
  part(scope: Scope, page: TypedPage): Promise<PagePart>;
}
export const PageType = extensionPoint<PageType>('website.PageType');

export interface PageTypeDescription {
  /** The plugin's id, a dot, a name: `fundraising.donation`. Always the same. */
  id: string;
  /** Key in the locales: what an editor chooses. */
  name: string;
  /** Key in the locales: one sentence on what visitors do there. */
  summary: string;
  /**
   * JSON Schema of an object (`Type.Object`), flat as the settings in plugin.json and drawn likewise, without secrets. Labels stand in the
   * locales at `<id>.settings.<field>`, `….hint` and `….<choice>`; a choice out of the database has its `title`.
   */
  settings: TSchema;
}

/** As the schema had them when they were saved; it may have changed since. */
export type PageSettings = Record<string, unknown>;

export interface TypedPage {
  id: string;
  path: string;
  title: string;
  settings: PageSettings;
  /** Not for everybody: it may be a draft, and a form there should take nothing. */
  isPreview: boolean;
}

export interface PagePart {
  /** In the plugin's `views/site`, drawn without layout; a theme may override it. */
  view: string;
  data: object;
  /** When the part changes by itself; else it is kept until `PageCache.drop`, for an hour at most. */
  until?: Date;
  /** Further plugins whose `csp` the page needs, such as a payment provider's; the type's own is allowed anyway. */
  sourcesOf?: string[];
}

/** Pages that have a type, for the plugins that bring these. A visitor's scope finds those of the site it is on, others' those below too. */
export interface SitePages {
  find(scope: Scope, id: string): Promise<SitePage | undefined>;
  /** Also drafts; in the order of their titles. */
  ofType(scope: Scope, type: string): Promise<SitePage[]>;
  /** Puts one on the scope's own site, below no other; `undefined` where its address is taken. Pages that are kept are to be dropped. */
  publish(scope: Scope, page: NewSitePage): Promise<string | undefined>;
  /** Takes pages that were published so out again, but for one that others stand below. */
  withdraw(scope: Scope, ids: readonly string[]): Promise<void>;
}
export interface NewSitePage {
  type: string;
  slug: string;
  title: string;
  summary: string;
  /** HTML, cleaned of what no page may have. */
  body: string;
  settings: PageSettings;
  inMenu: boolean;
  author: string;
}
export const SitePages = token<SitePages>('website.SitePages');

export interface SitePage {
  id: string;
  organizationId: string;
  type: string;
  path: string;
  title: string;
  settings: PageSettings;
  /** Published, and its time has come. */
  isPublic: boolean;
}

/** Pictures of the site, for plugins that show one elsewhere: each organization's own. Bound by website alone. */
export interface SitePictures {
  /** Newest first. */
  list(scope: Scope, most: number): Promise<SitePicture[]>;
  find(scope: Scope, id: string): Promise<SitePicture | undefined>;
}
export const SitePictures = extensionPoint<SitePictures>('website.SitePictures');

export interface SitePicture {
  id: string;
  /** Public, and the same for ever: `/uploads/<sha256>.<ext>`. */
  href: string;
  /** What it shows, in words. */
  alt: string;
  /** In pixels. */
  width: number;
  height: number;
}

/** Bound by a plugin that shows pictures of the site: what is still shown is not taken away. */
export interface PictureUse {
  /** Names, as staff know them, of what shows it. */
  shownIn(scope: Scope, pictureId: string): Promise<string[]>;
}
export const PictureUse = extensionPoint<PictureUse>('website.PictureUse');
