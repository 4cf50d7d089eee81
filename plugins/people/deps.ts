// What the verbs of people need of the core.
import { Audit, Events, type Get, Jobs, Mail, Subjects } from 'rostra/plugin';

export interface Deps {
  audit: Audit;
  events: Events;
  jobs: Jobs;
  mail: Mail;
  subjects: Subjects;
}

export function depsOf(get: Get): Deps {
  return {
    audit: get(Audit),
    events: get(Events),
    jobs: get(Jobs),
    mail: get(Mail),
    subjects: get(Subjects),
  };
}
