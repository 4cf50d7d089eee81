// What letters by e-mail need of the core and of the engine.
import { AnswerRules, Outreach } from 'rostra/outreach';
import { Consents, Newsletters, People, Reach, Returns } from 'rostra/people';
import {
  Audit,
  Events,
  Fetch,
  Fields,
  type Get,
  Jobs,
  Limits,
  Mail,
  MailWay,
  PageCache,
  Seals,
  Settings,
  Silence,
  SiteAddress,
  Staff,
} from 'rostra/plugin';
import { picturesOf } from './picture.ts';

export interface Deps {
  answerRules: AnswerRules;
  consents: Consents;
  events: Events;
  jobs: Jobs;
  limits: Limits;
  people: People;
  audit: Audit;
  cache: PageCache;
  silence: Silence;
  newsletters: Newsletters;
  mail: Mail;
  way: MailWay;
  staff: Staff;
  outreach: Outreach;
  reach: Reach;
  returns: Returns;
  seals: Seals;
  settings: Settings;
  siteAddress: SiteAddress;
  fetch: Fetch;
  fields: Fields;
  pictures: ReturnType<typeof picturesOf>;
}

export function depsOf(get: Get): Deps {
  return {
    answerRules: get(AnswerRules),
    consents: get(Consents),
    events: get(Events),
    jobs: get(Jobs),
    limits: get(Limits),
    people: get(People),
    audit: get(Audit),
    cache: get(PageCache),
    silence: get(Silence),
    newsletters: get(Newsletters),
    mail: get(Mail),
    way: get(MailWay),
    staff: get(Staff),
    outreach: get(Outreach),
    reach: get(Reach),
    returns: get(Returns),
    seals: get(Seals),
    settings: get(Settings),
    siteAddress: get(SiteAddress),
    fetch: get(Fetch),
    fields: get(Fields),
    pictures: picturesOf(get),
  };
}
