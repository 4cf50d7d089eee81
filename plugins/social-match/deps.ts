// What the verbs of social-match need of the core and of people.

import { Consents, People } from 'rostra/people';
import { Audit, Events, type Get, Jobs, type Offer, type Scope } from 'rostra/plugin';
import { SocialSource } from './index.ts';

export interface Deps {
  audit: Audit;
  events: Events;
  jobs: Jobs;
  people: People;
  consents: Consents;
  sourcesOn: (scope: Scope) => Offer<SocialSource>[];
}

export function depsOf(get: Get): Deps {
  return {
    audit: get(Audit),
    events: get(Events),
    jobs: get(Jobs),
    people: get(People),
    consents: get(Consents),
    sourcesOn: get.many(SocialSource),
  };
}
