// Retention: who may no longer be kept is told to staff, and erased on the day unless they have become more.
import { dayOf, notFound, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { replaceRelation } from './edit.sql.ts';
import {
  deleteExpiry,
  deleteOutlived,
  findExpired,
  findOccasionalCountries,
  insertExpiries,
  isStillExpired,
} from './expiry.sql.ts';
import { findPerson, lockPerson } from './person.sql.ts';
import { insertHistory, insertTimeline } from './story.sql.ts';

/** So long staff have, whatever day the rule's time ends. */
const warningDays = 30;
const batch = 500;

/** Once a day, for the whole party; answers how many were told of and how many went. */
export async function expire(
  scope: Scope,
  deps: Deps,
): Promise<{ warned: number; erased: number }> {
  // People are the party's: its chapters would ask the same of the same.
  if (scope.organization.parentId) return { warned: 0, erased: 0 };
  await scope.write(deleteOutlived);
  const warned = await scope.write(warn);
  return { warned, erased: await eraseExpired(scope, deps) };
}

async function warn(scope: Scope): Promise<number> {
  let warned = 0;
  for (const country of await findOccasionalCountries(scope)) {
    const asked = scope.law.rule('retention.occasional_contact', {
      person: { country: country ?? undefined },
    });
    if (asked.value === undefined || asked.enforce !== 'block') continue;
    warned += await insertExpiries(scope, {
      ...{ rule: 'retention.occasional_contact', keep: asked.value, country },
      until: dayFrom(scope, warningDays),
    });
  }
  return warned;
}

async function eraseExpired(scope: Scope, deps: Deps): Promise<number> {
  const today = dayFrom(scope, 0);
  let erased = 0;
  let fault: unknown;
  for (let after = '0'; ; ) {
    const ids = await findExpired(scope, { today, after }, batch);
    for (const id of ids) {
      try {
        if (await scope.write((own) => eraseOne(own, deps, id, today))) erased += 1;
      } catch (error) {
        fault = error;
      }
    }
    after = ids.at(-1) ?? after;
    if (ids.length < batch) break;
  }
  // Each was tried; who could not go is there still, and is tried again the next night.
  if (fault) throw fault;
  return erased;
}

async function eraseOne(scope: Scope, deps: Deps, id: string, today: string): Promise<boolean> {
  await lockPerson(scope, id);
  const isDue = await isStillExpired(scope, id, today);
  if (!isDue) {
    await deleteExpiry(scope, id);
    return false;
  }
  const subject = { type: 'person', id };
  await deps.audit.record(scope, { act: 'person.expired', subject, personId: id });
  const { waitingFor } = await deps.subjects.erase(scope, id);
  // Taken back: the person stays on the list until all who keep something of them can be reached.
  if (waitingFor.length > 0) throw new Error(`Retention waits for ${waitingFor.join(', ')}.`);
  return true;
}

/** Staff know the person as more than that: said with a reason, which stays in the record of acts. */
export async function keepPerson(
  scope: Scope,
  deps: Deps,
  personId: string,
  why: string,
): Promise<void> {
  await scope.write(async (own) => {
    const person = await findPerson(own, personId);
    if (!person || (await deleteExpiry(own, person.id)) === 0) throw notFound('person', personId);
    await replaceRelation(own, person.id, 'regular_contact', dayFrom(own, 0));
    const change = { field: 'relation', before: 'occasional_contact', after: 'regular_contact' };
    await insertHistory(own, person.id, [change]);
    await insertTimeline(own, [person.id], { kind: 'people.timeline.kept', params: {} });
    const subject = { type: 'person', id: person.id };
    const details = { why };
    await deps.audit.record(own, { act: 'person.kept', subject, personId: person.id, details });
    await deps.events.emit(own, 'people.person.changed', { personId: person.id });
  });
}

/** The day where the party is, so many days on. */
function dayFrom(scope: Scope, on: number): string {
  const at = new Date(scope.now().getTime() + on * 24 * 3600 * 1000);
  return dayOf(at, scope.organization.timeZone);
}
