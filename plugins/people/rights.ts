// The rights of a person, exercised by staff: a copy of everything, erasure, two records made one.
import { notFound, refused, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { replaceAffiliations } from './edit.sql.ts';
import { findPerson, lockPerson } from './person.sql.ts';
import { hasOtherAffiliations } from './rights.sql.ts';
import { stopAddresses } from './stop-all.ts';

export type ErasedHow = 'erased' | 'left' | 'waiting';

/** A chapter ends what it sees; the person is erased when no other part of the party knows them. */
export async function erasePerson(
  scope: Scope,
  deps: Deps,
  personId: string,
  { suppress }: { suppress: boolean },
): Promise<ErasedHow> {
  const person = await findPerson(scope, personId);
  if (!person) throw notFound('person', personId);
  return scope.write(async (own) => {
    await lockPerson(own, person.id);
    if (await hasOtherAffiliations(own, person.id)) {
      await leave(own, deps, person.id);
      return 'left';
    }
    if (suppress) await stopAddresses(own, deps, person.id, 'erased');
    await deps.audit.record(own, {
      act: 'person.erased',
      subject: { type: 'person', id: person.id },
      personId: person.id,
    });
    const { waitingFor } = await deps.subjects.erase(own, person.id);
    return waitingFor.length > 0 ? 'waiting' : 'erased';
  });
}

async function leave(scope: Scope, deps: Deps, personId: string): Promise<void> {
  await replaceAffiliations(scope, personId, []);
  await deps.audit.record(scope, {
    act: 'person.left',
    subject: { type: 'person', id: personId },
    personId,
  });
}

/** What was `from`'s is `into`'s, in every plugin; the old address leads to the survivor. */
export async function mergePeople(
  scope: Scope,
  deps: Deps,
  from: string,
  into: string,
): Promise<void> {
  if (from === into) throw refused('people.same-person', {});
  await scope.write(async (own) => {
    for (const id of [from, into].sort()) await lockPerson(own, id);
    for (const id of [from, into]) {
      const person = await findPerson(own, id);
      if (person?.id !== id) throw notFound('person', id);
      // What another part of the party knows is not a chapter's to give away or to undo.
      if (await hasOtherAffiliations(own, id)) throw refused('people.merge-elsewhere', {});
    }
    await deps.subjects.merge(own, from, into);
    await deps.audit.record(own, {
      act: 'person.merged',
      subject: { type: 'person', id: into },
      personId: into,
      details: { from },
    });
  });
}
