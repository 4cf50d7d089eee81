// Telephone numbers at which no text message arrives, and what shows that one does after all.
import { notFound, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { Returns, UndeliveredText } from './index.ts';
import { freeNumber, markNumber, restoreWay, type WayKind } from './returned-number.sql.ts';
import { insertTimeline } from './story.sql.ts';

export function makeNumberReturns(deps: Deps): Pick<Returns, 'undelivered' | 'heardFrom'> {
  return {
    undelivered: (scope, text) => scope.write((own) => undelivered(own, deps, text)),
    heardFrom: (scope, number) =>
      scope.write(async (own) => {
        const people = await freeNumber(own, number);
        await changed(own, deps, people);
      }),
  };
}

/** Whoever has the number has it no more than the one to whom it was sent. */
async function undelivered(scope: Scope, deps: Deps, text: UndeliveredText): Promise<void> {
  const { why } = text;
  const people = await markNumber(scope, text);
  if (people.length === 0) return;
  await insertTimeline(scope, people, { kind: 'people.timeline.undelivered', params: { why } });
  for (const personId of people) {
    const subject = { type: 'person', id: personId };
    await deps.audit.record(scope, {
      act: 'number.undelivered',
      subject,
      personId,
      details: { why },
    });
  }
  await changed(scope, deps, people);
}

async function changed(scope: Scope, deps: Deps, people: readonly string[]): Promise<void> {
  for (const personId of people) {
    await deps.events.emit(scope, 'people.person.changed', { personId });
  }
}

/** Staff know better than what came back: it is used again. Throws `notFound` of one that nothing came back from. */
export function sayItWorks(
  scope: Scope,
  deps: Deps,
  personId: string,
  way: { kind: WayKind; id: string },
): Promise<void> {
  return scope.write(async (own) => {
    if (!(await restoreWay(own, personId, way))) throw notFound('way', way.id);
    const { kind } = way;
    const subject = { type: 'person', id: personId };
    await deps.audit.record(own, { act: 'address.restored', subject, personId, details: { kind } });
    const line = { kind: 'people.timeline.restored', params: { kind } };
    await insertTimeline(own, [personId], line);
    await changed(own, deps, [personId]);
  });
}
