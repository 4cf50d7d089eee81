// A copy of all that is kept on a person, and their erasure.
import { Readable } from 'node:stream';
import { type Context, permit, type Router } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { displayName } from '../person.ts';
import { erasePerson } from '../rights.ts';
import { EraseSchema } from '../schemas.ts';
import { type Faults, hasFaults, named, personOfPath } from './forms.ts';

export function rightsRoutes(router: Router, deps: Deps): void {
  router.post('/:id/copy', permit('people.person.erase'), async (ctx) => {
    const person = await personOfPath(ctx);
    await deps.audit.record(ctx.scope, {
      act: 'person.copied',
      subject: { type: 'person', id: person.id },
      personId: person.id,
    });
    ctx.type = 'application/json; charset=utf-8';
    ctx.attachment(`person-${person.id}.json`);
    ctx.set('Cache-Control', 'no-store');
    ctx.body = Readable.from(copyOf(ctx, deps, person.id));
  });

  router.get('/:id/erase', permit('people.person.erase'), (ctx) => showErase(ctx, {}, {}));
  router.post('/:id/erase', permit('people.person.erase'), async (ctx) => {
    const person = await personOfPath(ctx);
    const form = await ctx.form(EraseSchema);
    if (!form.ok) return showErase(ctx, form.values, form.faults);
    if (form.value.typed.trim() !== displayName(person)) {
      return showErase(ctx, form.values, { typed: ctx.scope.t('people.erase.not-the-name') });
    }
    const how = await erasePerson(ctx.scope, deps, person.id, {
      suppress: form.value.suppress ?? false,
    });
    return ctx.done('/admin/people', `people.erase.${how}`);
  });
}

async function showErase(ctx: Context, values: object, faults: Faults): Promise<void> {
  const person = await personOfPath(ctx);
  const status = hasFaults(faults) ? 422 : 200;
  await ctx.render('erase', { person: named(person), values, faults }, status);
}

/** A JSON array, a record a line, so that however much there is, it is never held at once. */
async function* copyOf(ctx: Context, deps: Deps, personId: string): AsyncIterable<string> {
  yield '[\n';
  let isFirst = true;
  for await (const record of deps.subjects.export(ctx.scope, personId)) {
    yield `${isFirst ? '' : ',\n'}${JSON.stringify(record)}`;
    isFirst = false;
  }
  yield '\n]\n';
}
