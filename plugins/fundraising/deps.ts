// What the verbs of fundraising need of the core and of other plugins.
import { CsvFiles, Mailboxes, People } from 'rostra/people';
import {
  Audit,
  Events,
  Fetch,
  Fields,
  type Get,
  Jobs,
  Limits,
  Mail,
  type Offer,
  PageCache,
  type Scope,
  Seals,
  Staff,
} from 'rostra/plugin';
import { SealedStore } from 'rostra/privacy';
import { SitePages } from 'rostra/website';
import { PaymentProvider } from './index.ts';

export interface Deps {
  audit: Audit;
  cache: PageCache;
  events: Events;
  fetch: Fetch;
  fields: Fields;
  jobs: Jobs;
  limits: Limits;
  mail: Mail;
  seals: Seals;
  staff: Staff;
  csvFiles: CsvFiles;
  people: People;
  mailboxes: Mailboxes;
  sealedStore: SealedStore;
  sitePages: SitePages;
  providersOn: (scope: Scope) => Offer<PaymentProvider>[];
}

export function depsOf(get: Get): Deps {
  return {
    audit: get(Audit),
    cache: get(PageCache),
    events: get(Events),
    fetch: get(Fetch),
    fields: get(Fields),
    jobs: get(Jobs),
    limits: get(Limits),
    mail: get(Mail),
    seals: get(Seals),
    staff: get(Staff),
    csvFiles: get(CsvFiles),
    people: get(People),
    mailboxes: get(Mailboxes),
    sealedStore: get(SealedStore),
    sitePages: get(SitePages),
    providersOn: get.many(PaymentProvider),
  };
}
