// What the verbs of the calendar need of the core.
import { Audit, Events, type Get, Silence } from 'rostra/plugin';

export interface Deps {
  audit: Audit;
  events: Events;
  silence: Silence;
}

export function depsOf(get: Get): Deps {
  return { audit: get(Audit), events: get(Events), silence: get(Silence) };
}
