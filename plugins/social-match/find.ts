// Looking for a person's profile: asked for by staff, done by a job, settled by staff.

import type { Person } from 'rostra/people';
import { isAppError, notFound, refused, type Scope } from 'rostra/plugin';
import {
  confirmCandidate,
  findCandidate,
  insertCandidate,
  rejectCandidate,
} from './candidate.sql.ts';
import type { Deps } from './deps.ts';
import { agreement, demandGround, demandPerson, findConsent } from './ground.ts';
import type { FoundProfile } from './index.ts';
import { endSearch, findSearch, type SearchRow, upsertSearch } from './search.sql.ts';
import { deleteOursOf } from './subject.sql.ts';

export interface Request {
  personId: string;
  handle: string;
  /** How the person agreed, where staff record it now. */
  agreed?: { wording: string; evidence: string };
}

/** Records the consent, if it is new, and queues the search; refused where law or person say no. */
export async function requestSearch(scope: Scope, deps: Deps, request: Request): Promise<void> {
  const person = await demandPerson(scope, deps, request.personId);
  await scope.write(async (own) => {
    if (request.agreed) await recordConsent(own, deps, person, request);
    await demandGround(own, deps, person);
    await upsertSearch(own, person.id, request.handle);
    await deps.jobs.add(
      own,
      'find',
      { personId: person.id },
      { key: `${own.organization.id}:${person.id}` },
    );
    await deps.audit.record(own, {
      act: 'search.requested',
      subject: { type: 'person', id: person.id },
      personId: person.id,
    });
  });
}

async function recordConsent(
  scope: Scope,
  deps: Deps,
  person: Person,
  { agreed, handle }: Request,
): Promise<void> {
  if (!agreed) return;
  await deps.consents.give(scope, {
    ...agreement,
    personId: person.id,
    wording: agreed.wording,
    locale: scope.locale,
    source: 'social-match.staff',
    evidence: { collected: agreed.evidence, by: nameOf(scope), handle },
  });
}

/** The job. No transaction is open while a network is asked; law and consent are asked again after it. */
export async function lookFor(scope: Scope, deps: Deps, personId: string): Promise<void> {
  const search = await findSearch(scope, personId);
  const person = await deps.people.find(scope, personId);
  if (search?.state !== 'waiting' || !person) return;
  const outcome = await permitted(async () => {
    await demandGround(scope, deps, person);
    return ask(scope, deps, search);
  });
  await scope.write(async (own) => {
    const ground = outcome && (await permitted(() => demandGround(own, deps, person)));
    if (!ground) return void (await endSearch(own, search, 'refused'));
    if (!(await endSearch(own, search, stateOf(outcome)))) return;
    for (const profile of outcome.profiles) {
      await insertCandidate(own, person.id, profile, ground);
    }
  });
}

interface Outcome {
  profiles: FoundProfile[];
  /** A network did not answer. */
  isPartial: boolean;
}

async function ask(scope: Scope, deps: Deps, { handle }: SearchRow): Promise<Outcome> {
  const outcome: Outcome = { profiles: [], isPartial: false };
  for (const { service } of deps.sourcesOn(scope)) {
    try {
      outcome.profiles.push(...(await service.find(scope, { handle })));
    } catch (error) {
      if (!isAppError(error)) throw error;
      outcome.isPartial = true;
    }
  }
  return outcome;
}

function stateOf({ profiles, isPartial }: Outcome): 'found' | 'nothing' | 'unanswered' {
  if (profiles.length > 0) return 'found';
  return isPartial ? 'unanswered' : 'nothing';
}

/** `undefined` when it was refused. */
async function permitted<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (isAppError(error) && error.status !== 503) return undefined;
    throw error;
  }
}

/** Only now something is written to the person: a line in the story, and the profile on the page. */
export async function confirm(scope: Scope, deps: Deps, id: string): Promise<string> {
  const candidate = await demandCandidate(scope, id);
  const person = await demandPerson(scope, deps, candidate.personId);
  await scope.write(async (own) => {
    await demandGround(own, deps, person);
    if (!(await confirmCandidate(own, id, nameOf(own)))) throw settled(id);
    await deps.people.note(own, person.id, {
      kind: 'social-match.timeline.confirmed',
      params: { handle: candidate.handle },
    });
    const payload = { personId: person.id, candidateId: id };
    await deps.events.emit(own, 'social-match.candidate.confirmed', payload);
    await record(own, deps, 'candidate.confirmed', candidate);
  });
  return person.id;
}

export async function reject(scope: Scope, deps: Deps, id: string): Promise<string> {
  const candidate = await demandCandidate(scope, id);
  await scope.write(async (own) => {
    if (!(await rejectCandidate(own, id, nameOf(own)))) throw settled(id);
    await record(own, deps, 'candidate.rejected', candidate);
  });
  return candidate.personId;
}

/** What was found goes with the consent that it rested on; one given anew since then stands. */
export async function dropWithoutConsent(
  scope: Scope,
  deps: Deps,
  personId: string,
): Promise<void> {
  if (await findConsent(scope, deps, personId)) return;
  await scope.write((own) => deleteOursOf(own, personId));
}

async function demandCandidate(scope: Scope, id: string) {
  const candidate = await findCandidate(scope, id);
  if (!candidate) throw notFound('candidate', id);
  return candidate;
}

/** By its number alone: a profile may prove to be a stranger's, and the trail is not rewritten. */
function record(
  scope: Scope,
  { audit }: Deps,
  act: string,
  { id, personId }: { id: string; personId: string },
): Promise<void> {
  return audit.record(scope, { act, subject: { type: 'candidate', id }, personId });
}

function settled(id: string): Error {
  return refused('social-match.settled', { id });
}

function nameOf({ actor }: Scope): string {
  return actor.kind === 'visitor' ? '' : actor.name;
}
