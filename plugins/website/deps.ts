// What the verbs of website need of the core and of people.

import { Consents, Newsletters, People, RightsDesk } from 'rostra/people';
import {
  Audit,
  Events,
  Fields,
  type Get,
  Limits,
  Mail,
  type Offer,
  PageCache,
  Plugins,
  type Scope,
  Silence,
  Store,
} from 'rostra/plugin';
import { PageType, PictureUse } from './index.ts';

export interface Deps {
  audit: Audit;
  events: Events;
  fields: Fields;
  limits: Limits;
  mail: Mail;
  cache: PageCache;
  plugins: Plugins;
  silence: Silence;
  store: Store;
  people: People;
  consents: Consents;
  newsletters: Newsletters;
  /** Where people ask for their data, of the plugins that have such a page. */
  desks(scope: Scope): Offer<RightsDesk>[];
  pageTypes(scope: Scope): Offer<PageType>[];
  pictureUses(scope: Scope): Offer<PictureUse>[];
}

export function depsOf(get: Get): Deps {
  return {
    audit: get(Audit),
    events: get(Events),
    fields: get(Fields),
    limits: get(Limits),
    mail: get(Mail),
    cache: get(PageCache),
    plugins: get(Plugins),
    silence: get(Silence),
    store: get(Store),
    people: get(People),
    consents: get(Consents),
    newsletters: get(Newsletters),
    desks: get.many(RightsDesk),
    pageTypes: get.many(PageType),
    pictureUses: get.many(PictureUse),
  };
}
