// The verbs: an election is entered, changed, taken out, and told to the core, which keeps the silence.
import { type ElectionCalendar, type ElectionRound, notFound, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import {
  deleteElection,
  type ElectionValues,
  findConcerned,
  findElection,
  findElections,
  insertElection,
  replaceRounds,
  updateElection,
} from './election.sql.ts';
import type { Election, Round } from './index.ts';

/** A window may last beyond the vote, at most to the end of its month. */
const twoMonths = 61 * 24 * 3600 * 1000;

export interface ElectionInput {
  values: ElectionValues;
  rounds: Round[];
}

export function enterElection(scope: Scope, deps: Deps, input: ElectionInput): Promise<string> {
  return scope.write(async (own) => {
    const id = await insertElection(own, input.values);
    await replaceRounds(own, id, input.rounds);
    await note(own, deps, id, 'entered');
    await tell(own, deps, id, 'changed');
    return id;
  });
}

export function changeElection(
  scope: Scope,
  deps: Deps,
  id: string,
  input: ElectionInput,
): Promise<void> {
  return scope.write(async (own) => {
    if (!(await updateElection(own, id, input.values))) throw notFound('election', id);
    await replaceRounds(own, id, input.rounds);
    await note(own, deps, id, 'changed');
    await tell(own, deps, id, 'changed');
  });
}

export function removeElection(scope: Scope, deps: Deps, id: string): Promise<void> {
  return scope.write(async (own) => {
    await tell(own, deps, id, 'removed');
    if (!(await deleteElection(own, id))) throw notFound('election', id);
    await note(own, deps, id, 'removed');
  });
}

export async function demandElection(scope: Scope, id: string): Promise<Election> {
  const election = await findElection(scope, id);
  if (!election) throw notFound('election', id);
  return election;
}

/** An election above is the concern of who stands below, but not theirs to change. */
export function isOurs(scope: Scope, { organizationId }: Election): boolean {
  return !scope.bound || scope.bound.includes(organizationId);
}

export const calendar: ElectionCalendar = {
  async near(scope, when) {
    const since = new Date(when.getTime() - twoMonths).toISOString().slice(0, 10);
    return (await findElections(scope, since)).flatMap(roundsOf);
  },
};

/** As the core is told them. */
export function roundsOf({ id, name, country, timeZone, rounds }: Election): ElectionRound[] {
  return rounds.map((round) => ({
    ...{ electionId: id, name, country, day: round.day, closes: round.closes },
    timeZone: round.timeZone || timeZone,
    href: `/elections/${id}`,
  }));
}

/** Each organization that it concerns, in a scope of its own: what it plans it asks the silence for by itself. */
async function tell(
  scope: Scope,
  deps: Deps,
  electionId: string,
  verb: 'changed' | 'removed',
): Promise<void> {
  const concerned = await findConcerned(scope, electionId);
  await deps.events.emit(scope, `elections.election.${verb}`, { electionId }, concerned);
}

async function note(scope: Scope, deps: Deps, id: string, verb: string): Promise<void> {
  await deps.audit.record(scope, { act: `election.${verb}`, subject: { type: 'election', id } });
}
