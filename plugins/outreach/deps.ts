// What the engine needs of the core, of people and of the channels.
import { Consents, Newsletters, People, Reach, RightsDesk, Tags } from 'rostra/people';
import {
  Audit,
  type Get,
  Jobs,
  Lives,
  type Offer,
  Plugins,
  type Scope,
  Seals,
  Settings,
  Silence,
} from 'rostra/plugin';
import { OutreachChannel, SendOutcome } from './index.ts';

export interface Deps {
  audit: Audit;
  jobs: Jobs;
  lives: Lives;
  plugins: Plugins;
  seals: Seals;
  settings: Settings;
  silence: Silence;
  consents: Consents;
  newsletters: Newsletters;
  people: People;
  reach: Reach;
  tags: Tags;
  channelsOn: (scope: Scope) => Offer<OutreachChannel>[];
  rightsDesks: (scope: Scope) => Offer<RightsDesk>[];
  outcomesOn: (scope: Scope) => Offer<SendOutcome>[];
}

export function depsOf(get: Get): Deps {
  return {
    audit: get(Audit),
    jobs: get(Jobs),
    lives: get(Lives),
    plugins: get(Plugins),
    seals: get(Seals),
    settings: get(Settings),
    silence: get(Silence),
    consents: get(Consents),
    newsletters: get(Newsletters),
    people: get(People),
    reach: get(Reach),
    tags: get(Tags),
    channelsOn: get.many(OutreachChannel),
    rightsDesks: get.many(RightsDesk),
    outcomesOn: get.many(SendOutcome),
  };
}
