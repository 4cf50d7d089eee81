// Two records of one person made one: found, laid side by side, and merged by who chooses the one that stays.
import { type Context, isAppError, notFound, permit, type Router } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { findListPage } from '../list.sql.ts';
import { findSubscriptions } from '../newsletter.sql.ts';
import { findPerson, type PersonRow } from '../person.sql.ts';
import { phoneName } from '../person.ts';
import { postInWords } from '../postal.ts';
import { findAffiliations, findPersonTags, findRelations, findWays } from '../profile.sql.ts';
import { mergePeople } from '../rights.ts';
import { MergeQuery, MergeSchema } from '../schemas.ts';
import { type Faults, hasFaults, named, pageOf, personOfPath } from './forms.ts';
import { nameOf } from './list.ts';

const may = () => permit('people.person.merge');
const shownMost = 20;

export function mergeRoutes(router: Router, deps: Deps): void {
  router.get('/:id/merge', may(), async (ctx) => {
    const person = await personOfPath(ctx);
    const { q } = ctx.filters(MergeQuery);
    const typed = q.trim();
    const rows = typed ? await findListPage(ctx.scope, { q: typed }, { size: shownMost + 1 }) : [];
    const twins = rows.filter((row) => row.id !== person.id).slice(0, shownMost);
    await ctx.render('merge', {
      ...{ person: named(person), q: typed },
      twins: twins.map((row) => ({ ...row, name: nameOf(row) })),
    });
  });
  router.get('/:id/merge/:otherId', may(), (ctx) => showBoth(ctx, {}));
  router.post('/:id/merge/:otherId', may(), async (ctx) => {
    const [one, other] = await bothOf(ctx);
    const form = await ctx.form(MergeSchema);
    if (!form.ok) return showBoth(ctx, form.faults);
    const { survivor } = form.value;
    if (![one.id, other.id].includes(survivor)) throw notFound('person', survivor);
    const from = survivor === one.id ? other.id : one.id;
    try {
      await mergePeople(ctx.scope, deps, from, survivor);
    } catch (error) {
      if (!isAppError(error) || error.code !== 'people.merge-elsewhere') throw error;
      return showBoth(ctx, { survivor: ctx.scope.t(error.code) });
    }
    return ctx.done(pageOf({ id: survivor }), 'people.merge.done');
  });
}

/** Who was merged already is the survivor here, and nobody is merged with themself. */
async function bothOf(ctx: Context): Promise<[PersonRow, PersonRow]> {
  const one = await personOfPath(ctx);
  const id = ctx.params['otherId'] ?? '';
  const other = await findPerson(ctx.scope, id);
  if (!other || other.id === one.id) throw notFound('person', id);
  return [one, other];
}

async function showBoth(ctx: Context, faults: Faults): Promise<void> {
  const [one, other] = await bothOf(ctx);
  const both = [await recordOf(ctx, one), await recordOf(ctx, other)];
  const status = hasFaults(faults) ? 422 : 200;
  await ctx.render('merge-both', { person: named(one), both, faults }, status);
}

async function recordOf({ scope }: Context, person: PersonRow) {
  const ways = await findWays(scope, person.id);
  const [relation] = await findRelations(scope, person.id);
  const subscriptions = await findSubscriptions(scope, person.id);
  return {
    ...named(person),
    emails: ways.emailAddresses.map(({ address }) => address),
    phones: ways.phoneNumbers.map(({ address }) => phoneName(address)),
    posts: ways.postalAddresses.map((post) => postInWords(scope, post)),
    relation: relation && !relation.until ? relation.kind : undefined,
    tags: (await findPersonTags(scope, person.id)).map(({ name }) => name),
    chapters: (await findAffiliations(scope, person.id)).map(({ name }) => name),
    newsletters: subscriptions.map(({ name }) => name),
  };
}
