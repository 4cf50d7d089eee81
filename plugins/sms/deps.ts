// What text messages need of the core, of people and of the engine.
import { AnswerRules, Outreach } from 'rostra/outreach';
import { Consents, People, Reach, Returns } from 'rostra/people';
import {
  Audit,
  Dial,
  Events,
  Fetch,
  Fields,
  type Get,
  Jobs,
  Limits,
  type Offer,
  type Scope,
  Seals,
  SiteAddress,
  Staff,
} from 'rostra/plugin';
import { SmsGateway } from './index.ts';

export interface Deps {
  answerRules: AnswerRules;
  audit: Audit;
  dial: Dial;
  events: Events;
  fetch: Fetch;
  fields: Fields;
  staff: Staff;
  jobs: Jobs;
  limits: Limits;
  outreach: Outreach;
  people: People;
  consents: Consents;
  reach: Reach;
  returns: Returns;
  seals: Seals;
  siteAddress: SiteAddress;
  gatewaysOn: (scope: Scope) => Offer<SmsGateway>[];
}

export function depsOf(get: Get): Deps {
  return {
    answerRules: get(AnswerRules),
    audit: get(Audit),
    dial: get(Dial),
    events: get(Events),
    fetch: get(Fetch),
    fields: get(Fields),
    staff: get(Staff),
    jobs: get(Jobs),
    limits: get(Limits),
    outreach: get(Outreach),
    people: get(People),
    consents: get(Consents),
    reach: get(Reach),
    returns: get(Returns),
    seals: get(Seals),
    siteAddress: get(SiteAddress),
    gatewaysOn: get.many(SmsGateway),
  };
}
