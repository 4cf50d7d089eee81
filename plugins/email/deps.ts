// What letters by e-mail need of the core and of the engine.
import { Outreach } from 'rostra/outreach';
import { Newsletters, Returns } from 'rostra/people';
import {
  Audit,
  Fetch,
  type Get,
  Mail,
  MailWay,
  PageCache,
  Seals,
  Settings,
  Silence,
  Staff,
} from 'rostra/plugin';

export interface Deps {
  audit: Audit;
  cache: PageCache;
  silence: Silence;
  newsletters: Newsletters;
  mail: Mail;
  way: MailWay;
  staff: Staff;
  outreach: Outreach;
  returns: Returns;
  seals: Seals;
  settings: Settings;
  fetch: Fetch;
}

export function depsOf(get: Get): Deps {
  return {
    audit: get(Audit),
    cache: get(PageCache),
    silence: get(Silence),
    newsletters: get(Newsletters),
    mail: get(Mail),
    way: get(MailWay),
    staff: get(Staff),
    outreach: get(Outreach),
    returns: get(Returns),
    seals: get(Seals),
    settings: get(Settings),
    fetch: get(Fetch),
  };
}
