// What the verbs of people need of the core.
import { Audit, Events, type Get, Jobs, Subjects } from 'rostra/plugin';

export interface Deps {
  audit: Audit;
  events: Events;
  jobs: Jobs;
  subjects: Subjects;
}

export function depsOf(get: Get): Deps {
  return {
    audit: get(Audit),
    events: get(Events),
    jobs: get(Jobs),
    subjects: get(Subjects),
  };
}
