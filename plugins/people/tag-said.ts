// A tag for what somebody said, put by a rule of staff's and not by their hand: never on who objected, and where the law lets it.
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { touchPeople } from './edit.sql.ts';
import type { PutTag, SaidTag } from './index.ts';
import { noteWritten } from './provenance.sql.ts';
import { isRegular } from './reach-facts.ts';
import { insertTaggings, upsertTags } from './tag.sql.ts';
import { findGround, type Ground } from './tag-said.sql.ts';

export function putTag(scope: Scope, deps: Deps, said: SaidTag): Promise<PutTag> {
  const { personId, tag: name, source } = said;
  return scope.write(async (own) => {
    const ground = await findGround(own, personId);
    if (!ground) return 'unlawful';
    if (ground.hasObjected) return 'objected';
    if (!isLawful(own, ground)) return 'unlawful';
    const [tag] = await upsertTags(own, [name]);
    if (!tag) throw new Error('A tag has a name.');
    if ((await insertTaggings(own, [tag.id], [personId])) === 0) return 'had';
    await touchPeople(own, [personId]);
    // What a rule reads out of an answer is not what the person told of themselves.
    await noteWritten(own, personId, [{ field: 'tag', item: tag.id }], {
      ...{ kind: 'plugin', reference: source },
    });
    await deps.audit.record(own, {
      ...{ act: 'person.tagged', subject: { type: 'person', id: personId }, personId },
      details: { tag: tag.name, people: 1, source },
    });
    return 'tagged';
  });
}

/** GDPR art. 9: what somebody answers a party is noted of who belongs to it, or is in regular touch with it. */
function isLawful({ law }: Scope, { relation, country }: Ground): boolean {
  const met = ['no.objection', ...(isRegular(relation ?? undefined) ? [regular] : [])];
  const person = { ...(country && { country }) };
  return law.decide({ capability: 'record.opinion', person, met }).effect === 'allow';
}

const regular = 'basis.special_category';
