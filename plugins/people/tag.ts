// Tagging people, one or many.
import { invalid, notFound, type Scope } from 'rostra/plugin';
import { isId } from './bound.ts';
import type { Deps } from './deps.ts';
import { touchPeople } from './edit.sql.ts';
import { deleteTagging, insertTaggings, upsertTags } from './tag.sql.ts';

/** Answers how many have the tag now who had not. */
export function tagPeople(
  scope: Scope,
  deps: Deps,
  given: readonly string[],
  name: string,
): Promise<number> {
  const personIds = given.filter(isId);
  return scope.write(async (own) => {
    const [tag] = await upsertTags(own, [cleanTag(name)]);
    if (!tag) throw invalid([{ path: '/tag', message: 'validate.required' }]);
    const tagged = await insertTaggings(own, [tag.id], personIds);
    if (tagged > 0) await touchPeople(own, personIds);
    await deps.audit.record(own, {
      act: 'person.tagged',
      ...(personIds.length === 1 && personIds[0]
        ? { personId: personIds[0], subject: { type: 'person', id: personIds[0] } }
        : {}),
      details: { tag: tag.name, people: tagged },
    });
    return tagged;
  });
}

export function untagPerson(
  scope: Scope,
  deps: Deps,
  personId: string,
  tagId: string,
): Promise<void> {
  return scope.write(async (own) => {
    if ((await deleteTagging(own, tagId, personId)) === 0) throw notFound('tag', tagId);
    await touchPeople(own, [personId]);
    await deps.audit.record(own, {
      act: 'person.untagged',
      subject: { type: 'person', id: personId },
      personId,
    });
  });
}

function cleanTag(name: string): string {
  const clean = name.normalize('NFC').replace(/\s+/g, ' ').trim().slice(0, 60);
  if (clean === '') throw invalid([{ path: '/tag', message: 'validate.required' }]);
  return clean;
}
