// What the verbs of privacy need of the core and of people.
import { Consents, Mailboxes, People } from 'rostra/people';
import {
  Audit,
  type Get,
  Jobs,
  LawBook,
  Limits,
  Mail,
  Plugins,
  Seals,
  Settings,
  Subjects,
} from 'rostra/plugin';

export interface Deps {
  audit: Audit;
  jobs: Jobs;
  lawBook: LawBook;
  limits: Limits;
  mail: Mail;
  plugins: Plugins;
  seals: Seals;
  settings: Settings;
  subjects: Subjects;
  people: People;
  mailboxes: Mailboxes;
  consents: Consents;
}

export function depsOf(get: Get): Deps {
  return {
    audit: get(Audit),
    jobs: get(Jobs),
    lawBook: get(LawBook),
    limits: get(Limits),
    mail: get(Mail),
    plugins: get(Plugins),
    seals: get(Seals),
    settings: get(Settings),
    subjects: get(Subjects),
    people: get(People),
    mailboxes: get(Mailboxes),
    consents: get(Consents),
  };
}
