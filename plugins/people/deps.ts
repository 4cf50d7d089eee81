// What the verbs of people need of the core.
import { Audit, Events, type Get, Jobs, Limits, Subjects } from 'rostra/plugin';

export interface Deps {
  audit: Audit;
  events: Events;
  jobs: Jobs;
  subjects: Subjects;
  limits: Limits;
}

export function depsOf(get: Get): Deps {
  return {
    audit: get(Audit),
    events: get(Events),
    jobs: get(Jobs),
    subjects: get(Subjects),
    limits: get(Limits),
  };
}
