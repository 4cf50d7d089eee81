// New person, and editing one with history and a warning when two edit at once.
import { type Context, countryOptions, permit, type Router } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { type Card, changesOf, readCard, saveCard } from '../edit.ts';
import { cardOf, rowsOf } from '../edit-form.ts';
import { upsertPeople } from '../person.ts';
import { findChapters } from '../profile.sql.ts';
import { CardSchema, NewPersonSchema, relations } from '../schemas.ts';
import { findHistory } from '../story.sql.ts';
import { attempt, type Faults, hasFaults, named, pageOf, personOfPath } from './forms.ts';

export function newRoutes(router: Router, deps: Deps): void {
  router.get('/new', permit('people.person.edit'), (ctx) => showNew(ctx, {}, {}));
  router.post('/new', permit('people.person.edit'), async (ctx) => {
    const form = await ctx.form(NewPersonSchema);
    if (!form.ok) return showNew(ctx, form.values, form.faults);
    const { line1, postcode, locality, country, tags, ...fields } = form.value;
    let made: { id: string; isNew: boolean }[] = [];
    const faults = await attempt(ctx, async () => {
      made = await upsertPeople(ctx.scope, deps, [
        {
          ...fields,
          postalAddress: { line1, postcode, locality, country },
          tags: (tags ?? '').split(',').filter((tag) => tag.trim() !== ''),
          source: 'staff',
        },
      ]);
      await deps.audit.record(ctx.scope, {
        act: made[0]?.isNew ? 'person.created' : 'person.changed',
        subject: { type: 'person', id: made[0]?.id ?? '' },
        personId: made[0]?.id,
      });
    });
    const [person] = made;
    if (hasFaults(faults) || !person) return showNew(ctx, form.values, faults);
    return ctx.done(pageOf(person), person.isNew ? 'people.person.created' : 'people.person.found');
  });
}

function showNew(ctx: Context, values: object, faults: Faults): Promise<void> {
  const isFaulty = hasFaults(faults);
  const options = { countries: countryOptions(ctx.scope.locale), relations };
  return ctx.render('new', { values, faults, ...options }, isFaulty ? 422 : 200);
}

export function editRoutes(router: Router, deps: Deps): void {
  router.get('/:id/edit', permit('people.person.edit'), async (ctx) => {
    const found = await readCard(ctx.scope, (await personOfPath(ctx)).id);
    if (found) await showEdit(ctx, { card: found.card, version: found.person.version });
  });
  router.post('/:id/edit', permit('people.person.edit'), async (ctx) => {
    const person = await personOfPath(ctx);
    const form = await ctx.form(CardSchema);
    const card = cardOf(form.values);
    const version = (form.ok ? form.value.version : undefined) ?? person.version;
    const told = form.ok && form.value.told === true;
    if (!form.ok) return showEdit(ctx, { card, version, faults: form.faults });
    let conflict: { theirs: Card; version: number } | undefined;
    const faults = await attempt(ctx, async () => {
      const saved = await saveCard(ctx.scope, deps, person.id, { version, card, isTold: told });
      if (!saved.saved) conflict = saved;
    });
    if (hasFaults(faults)) return showEdit(ctx, { card, version, told, faults });
    if (conflict) return showConflict(ctx, { card, told }, conflict);
    return ctx.done(pageOf(person), 'people.person.saved');
  });
  router.get('/:id/history', permit('people.person.edit'), async (ctx) => {
    const person = await personOfPath(ctx);
    const changes = await findHistory(ctx.scope, person.id, 300);
    await ctx.render('history', { person: named(person), changes });
  });
}

interface Editing {
  card: Card;
  version: number;
  told?: boolean;
  faults?: Faults;
  conflict?: { field: string; before: string | null; after: string | null }[];
}

async function showEdit(ctx: Context, { card, version, told, faults = {}, conflict }: Editing) {
  const person = await personOfPath(ctx);
  const status = conflict ? 409 : hasFaults(faults) ? 422 : 200;
  const data = {
    person: named(person),
    values: { ...card, chapters: card.chapters.split(',') },
    rows: rowsOf(card),
    ...{ version, told, faults, conflict, relations },
    countries: countryOptions(ctx.scope.locale),
    chapters: await findChapters(ctx.scope),
  };
  await ctx.render('edit', data, status);
}

/** Shows both texts; saving again writes this one over the other, knowingly. */
function showConflict(
  ctx: Context,
  { card, told }: { card: Card; told: boolean },
  { theirs, version }: { theirs: Card; version: number },
) {
  return showEdit(ctx, { card, told, version, conflict: changesOf(theirs, card) });
}
