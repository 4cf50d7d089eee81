// What the program does of requests by itself: stopping and erasing, again and again until it is proved.
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import {
  answer,
  findDue,
  findRequest,
  insertStep,
  type RequestRow,
  schedule,
} from './request.sql.ts';
import { tell } from './request.ts';

const atATime = 100;
const minute = 60_000;
const day = 24 * 60 * minute;

/** Run by the party alone, for its chapters' requests too: they do not see all that there is of a person. */
export async function work(scope: Scope, deps: Deps): Promise<void> {
  if (scope.organization.parentId) return;
  let failure: unknown;
  for (const id of await findDue(scope, atATime)) {
    try {
      await scope.write((own) => workOn(own, deps, id));
    } catch (error) {
      failure = error;
      await scope.write((own) => waitFor(own, id, []));
    }
  }
  // Every one of them was tried and tells that it waits; the fault itself belongs where faults are shown.
  if (failure) throw failure;
}

async function workOn(scope: Scope, deps: Deps, id: string): Promise<void> {
  const request = await findRequest(scope, id, true);
  if (!request?.nextAt || request.nextAt > scope.now() || !request.personId) return;
  if (request.kind === 'objection') await stop(scope, deps, request, request.personId);
  else if (request.kind === 'erasure') await erase(scope, deps, request, request.personId);
}

async function stop(scope: Scope, deps: Deps, { id }: RequestRow, personId: string) {
  await deps.consents.stopAll(scope, personId, 'objection');
  await answer(scope, id, { state: 'done', outcome: 'stopped' });
  await insertStep(scope, id, { kind: 'stopped' });
  await tell(scope, deps, 'request.done', id, personId);
}

async function erase(scope: Scope, deps: Deps, request: RequestRow, personId: string) {
  const { id, neverAgain } = request;
  // Alone with them first: what is being written on them now is then there to be erased.
  const held = await deps.mailboxes.hold(scope, personId, 'alone');
  if (neverAgain && held) await deps.consents.stopAll(scope, held, 'erased');
  const { waitingFor } = await deps.subjects.erase(scope, held ?? personId);
  if (waitingFor.length > 0) return waitFor(scope, id, waitingFor);
  await answer(scope, id, { state: 'done', outcome: 'erased' });
  await insertStep(scope, id, { kind: 'erased' });
  await tell(scope, deps, 'request.erased', id, null);
}

/** Each time twice as long as before, a day at most. */
async function waitFor(scope: Scope, id: string, names: string[]): Promise<void> {
  const request = await findRequest(scope, id, true);
  if (!request) return;
  const pause = Math.min(minute * 2 ** request.attempts, day);
  await schedule(scope, id, new Date(scope.now().getTime() + pause), { for: names });
  const isNews = String(names) !== String(request.waitingFor) || request.state !== 'waiting';
  if (!isNews) return;
  const text = names.length > 0 ? names.join(', ') : undefined;
  await insertStep(scope, id, { kind: names.length > 0 ? 'waiting' : 'fault', text });
}
