// Tagging people, one or many.
import { invalid, notFound, type Scope } from 'rostra/plugin';
import { isId } from './bound.ts';
import type { Deps } from './deps.ts';
import { touchPeople } from './edit.sql.ts';
import type { Tags } from './index.ts';
import { noteWritten } from './provenance.sql.ts';
import {
  clearHand,
  deleteTagging,
  findCountedTags,
  findTag,
  hasTag,
  insertTaggings,
  upsertTags,
} from './tag.sql.ts';
import { putTag } from './tag-said.ts';

const listedMost = 500;

export const tags: Pick<Tags, 'list' | 'has' | 'find'> = {
  list: (scope) => findCountedTags(scope, listedMost),
  has: hasTag,
  find: findTag,
};

export const makeTags = (deps: Deps): Tags => ({
  ...tags,
  put: (scope, said) => putTag(scope, deps, said),
});

/** `isTold`: the persons said it of themselves. Answers how many have the tag now who had not. */
export function tagPeople(
  scope: Scope,
  deps: Deps,
  given: readonly string[],
  name: string,
  isTold = false,
): Promise<number> {
  const personIds = given.filter(isId);
  return scope.write(async (own) => {
    const [tag] = await upsertTags(own, [cleanTag(name)]);
    if (!tag) throw invalid([{ path: '/tag', message: 'validate.required' }]);
    const tagged = await insertTaggings(own, [tag.id], personIds);
    if (tagged > 0) await touchPeople(own, personIds);
    if (isTold) for (const id of personIds) await noteTold(own, id, tag.id);
    await deps.audit.record(own, {
      act: 'person.tagged',
      ...(personIds.length === 1 && personIds[0]
        ? { personId: personIds[0], subject: { type: 'person', id: personIds[0] } }
        : {}),
      details: { tag: tag.name, people: tagged, ...(isTold && { told: true }) },
    });
    return tagged;
  });
}

/** Whoever put it there: from now on it came from the person. */
async function noteTold(scope: Scope, personId: string, tagId: string): Promise<void> {
  if ((await clearHand(scope, tagId, personId)) === 0) return;
  const source = { kind: 'person', reference: 'told' } as const;
  await noteWritten(scope, personId, [{ field: 'tag', item: tagId }], source);
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
