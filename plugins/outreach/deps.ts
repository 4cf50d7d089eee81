// What the engine needs of the core, of people and of the channels.
import { Newsletters, People, Reach, RightsDesk } from 'rostra/people';
import {
  Audit,
  type Get,
  Jobs,
  Lives,
  type Offer,
  type Scope,
  Seals,
  Silence,
} from 'rostra/plugin';
import { OutreachChannel } from './index.ts';

export interface Deps {
  audit: Audit;
  jobs: Jobs;
  lives: Lives;
  seals: Seals;
  silence: Silence;
  newsletters: Newsletters;
  people: People;
  reach: Reach;
  channelsOn: (scope: Scope) => Offer<OutreachChannel>[];
  rightsDesks: (scope: Scope) => Offer<RightsDesk>[];
}

export function depsOf(get: Get): Deps {
  return {
    audit: get(Audit),
    jobs: get(Jobs),
    lives: get(Lives),
    seals: get(Seals),
    silence: get(Silence),
    newsletters: get(Newsletters),
    people: get(People),
    reach: get(Reach),
    channelsOn: get.many(OutreachChannel),
    rightsDesks: get.many(RightsDesk),
  };
}
