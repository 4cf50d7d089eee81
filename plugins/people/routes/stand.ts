// Stand mode: one person after the other on a telephone, and a code that visitors scan with theirs.
import { randomUUID } from 'node:crypto';
import type { QRCode } from 'qrcode';
import { type Context, type Offer, permit, type Router, SafeHtml, type Scope } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import type { SignUpDesk } from '../index.ts';
import { StandSchema } from '../schemas.ts';
import { findStandDay } from '../stand.sql.ts';
import { boxesOf, collect, standClosedBy } from '../stand.ts';
import { attempt, type Faults, hasFaults } from './forms.ts';

export type Desks = (scope: Scope) => Offer<SignUpDesk>[];

export function standRoutes(router: Router, deps: Deps, desks: Desks): void {
  const may = permit('people.stand.collect');
  router.get('/stand', may, (ctx) => show(ctx, desks, {}, {}));
  router.post('/stand', may, async (ctx) => {
    const form = await ctx.form(StandSchema);
    if (!form.ok) return show(ctx, desks, form.values, form.faults);
    if (standClosedBy(ctx.scope)) return show(ctx, desks, form.values, {});
    const { value } = form;
    const faults = await attempt(ctx, () =>
      collect(ctx.scope, deps, desks(ctx.scope), { ...value, key: value.key ?? randomUUID() }),
    );
    if (hasFaults(faults)) return show(ctx, desks, form.values, faults);
    return ctx.done('/admin/people/stand', 'people.stand.noted', {
      name: [value.givenName, value.familyName].filter(Boolean).join(' ') || 'nobody',
    });
  });
  router.get('/stand/qr', may, async (ctx) => {
    const path = await pathOf(ctx.scope, desks);
    const { create } = await import('qrcode');
    const codeOf = (text: string) => drawn(create(text, { errorCorrectionLevel: 'M' }));
    await ctx.fragment('stand-qr', { path, drawn: codeOf });
  });
}

async function show(
  ctx: Context,
  desks: Desks,
  values: Record<string, unknown>,
  faults: Faults,
): Promise<void> {
  const { scope } = ctx;
  const day = await findStandDay(scope);
  const page = await pathOf(scope, desks);
  const data = {
    ...{ values: { place: day.place ?? '', ...values }, faults, day },
    key: typeof values['key'] === 'string' ? values['key'] : randomUUID(),
    closed: standClosedBy(scope),
    boxes: await boxesOf(scope),
    ticked: [values['newsletter'] ?? []].flat().map(String),
    ...{ hasDesk: page !== undefined, page },
    ...{
      controller: scope.organization.legal.controller,
      contact: scope.organization.legal.contact,
    },
  };
  await ctx.render('stand', data, hasFaults(faults) ? 422 : 200);
}

async function pathOf(scope: Scope, desks: Desks): Promise<string | undefined> {
  const [desk] = desks(scope);
  return desk?.service.path(scope);
}

/** The code as one path of squares, with the empty rim of four that readers need. */
function drawn({ modules }: QRCode): SafeHtml {
  const { size } = modules;
  const dark = (row: number, column: number) => modules.get(row, column) === 1;
  const cells = Array.from({ length: size * size }, (_, at) => [Math.floor(at / size), at % size]);
  const path = cells
    .filter(([row = 0, column = 0]) => dark(row, column))
    .map(([row = 0, column = 0]) => `M${column + 4} ${row + 4}h1v1h-1z`)
    .join('');
  const side = size + 8;
  return new SafeHtml(
    `<svg viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges" aria-hidden="true"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path fill="#000" d="${path}"/></svg>`,
  );
}
