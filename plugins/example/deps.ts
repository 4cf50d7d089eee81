// What the verbs need of the core and of people, asked for in one place.

import { People } from 'rostra/people';
import { Events, type Get, PageCache, Settings } from 'rostra/plugin';

export interface Deps {
  events: Events;
  settings: Settings;
  cache: PageCache;
  people: People;
}

export function depsOf(get: Get): Deps {
  return {
    events: get(Events),
    settings: get(Settings),
    cache: get(PageCache),
    people: get(People),
  };
}
