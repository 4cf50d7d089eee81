// What the verbs of website need of the core and of people.

import { Consents, Newsletters, People } from 'rostra/people';
import { Audit, Events, type Get, Limits, Mail, PageCache, Plugins, Store } from 'rostra/plugin';

export interface Deps {
  audit: Audit;
  events: Events;
  limits: Limits;
  mail: Mail;
  cache: PageCache;
  plugins: Plugins;
  store: Store;
  people: People;
  consents: Consents;
  newsletters: Newsletters;
}

export function depsOf(get: Get): Deps {
  return {
    audit: get(Audit),
    events: get(Events),
    limits: get(Limits),
    mail: get(Mail),
    cache: get(PageCache),
    plugins: get(Plugins),
    store: get(Store),
    people: get(People),
    consents: get(Consents),
    newsletters: get(Newsletters),
  };
}
