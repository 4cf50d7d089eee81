// What the engine needs of the core, of people and of the channels.
import { Consents, Newsletters, People, Reach, RightsDesk } from 'rostra/people';
import {
  Audit,
  type Get,
  Jobs,
  Lives,
  type Offer,
  type Scope,
  Seals,
  Settings,
  Silence,
} from 'rostra/plugin';
import { OutreachChannel } from './index.ts';

export interface Deps {
  audit: Audit;
  jobs: Jobs;
  lives: Lives;
  seals: Seals;
  settings: Settings;
  silence: Silence;
  consents: Consents;
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
    settings: get(Settings),
    silence: get(Silence),
    consents: get(Consents),
    newsletters: get(Newsletters),
    people: get(People),
    reach: get(Reach),
    channelsOn: get.many(OutreachChannel),
    rightsDesks: get.many(RightsDesk),
  };
}
