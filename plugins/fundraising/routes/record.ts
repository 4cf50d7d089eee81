// Entering a gift that came by cheque, in cash or by transfer: asked by the law of its day, alone or in a batch.
import { randomUUID } from 'node:crypto';
import {
  type Context,
  countryOf,
  countryOptions,
  faultsOf,
  invalid,
  notFound,
  type Router,
  Type,
} from 'rostra/plugin';
import { demandBatch } from '../batch.ts';
import { actOf, todayOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import { giftFormOf, offerIn, questionsOf } from '../gift-form.ts';
import { demandOffice } from '../office.ts';
import { record } from '../pledge.ts';
import type { Recipient } from '../recipient.sql.ts';
import { openTill } from '../till.ts';
import { home, idOf, mayEnter } from './recipients.ts';

interface Shown {
  values: Record<string, unknown>;
  faults: Record<string, string>;
}

const RecordQuery = Type.Object({
  person: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,17}$' })),
  batch: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,17}$' })),
});
const ownFields = {
  key: Type.String({ format: 'uuid' }),
  givenOn: Type.String({ format: 'date' }),
  person: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,17}$' })),
  batch: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,17}$' })),
  isAnonymous: Type.Optional(Type.Boolean()),
  isIn: Type.Optional(Type.Boolean()),
  fund: Type.Optional(Type.String({ maxLength: 100 })),
  tracking: Type.Optional(Type.String({ maxLength: 100 })),
  statementReference: Type.Optional(Type.String({ maxLength: 100 })),
};
/** What comes by paper; and what is refused by its name, so that whoever looks for it learns why. */
const byHand = ['cheque', 'transfer', 'cash', 'in_kind', 'own_contribution'];

export function addRecordRoutes(routes: Router, deps: Deps): void {
  routes.get('/:id/record', mayEnter(), async (ctx) => {
    const recipient = await demandOffice(ctx.scope, idOf(ctx), 'record');
    await showRecord(deps, ctx, recipient, { values: await usual(deps, ctx), faults: {} });
  });
  routes.post('/:id/record', mayEnter(), (ctx) => save(deps, ctx));
}

async function save(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const recipient = await demandOffice(scope, idOf(ctx), 'record');
  // The declarations are those of today; what the law of the gift's own day wants beside is told by the till.
  const { declarations } = questionsOf(scope, openTill(scope, recipient, scope.now()));
  const form = await ctx.form(giftFormOf(declarations, ownFields));
  if (!form.ok) return showRecord(deps, ctx, recipient, form);
  const answers = form.value;
  const { givenOn, isAnonymous = false, batch, person } = answers;
  const till = openTill(scope, recipient, actOf(givenOn));
  try {
    if (givenOn > todayOf(scope)) {
      throw invalid([{ path: '/givenOn', message: 'fundraising.fault.future' }]);
    }
    if (person && !(await deps.people.find(scope, person))) throw notFound('person', person);
    const read = offerIn(till, answers, { givenOn, isAnonymous });
    if (read.fault) throw invalid([read.fault]);
    const donation = await record(scope, deps, recipient, read.offer, {
      ...{ source: 'staff', key: answers.key, personId: person, batchId: batch },
      ...{ fund: answers.fund || undefined, tracking: answers.tracking || undefined },
      statementReference: answers.statementReference || undefined,
      isIn: answers.isIn ?? false,
      attestedTexts: declarations
        .filter(({ value }) => read.offer.attested.includes(value))
        .map(({ value, label }) => ({ word: value, text: label })),
    });
    await deps.audit.record(scope, {
      act: 'donation.recorded',
      subject: { type: 'donation', id: donation.id },
      ...(donation.personId && { personId: donation.personId }),
    });
    const next = batch ? `${home}/${recipient.id}/batches/${batch}` : undefined;
    const to = next ?? `${home}/${recipient.id}/donations/${donation.id}`;
    ctx.done(to, `fundraising.record.${donation.state}`);
  } catch (error) {
    await showRecord(deps, ctx, recipient, { ...form, faults: faultsOf(scope, error) });
  }
}

async function showRecord(
  deps: Deps,
  ctx: Context,
  recipient: Recipient,
  { values, faults }: Shown,
): Promise<void> {
  const { scope } = ctx;
  const till = openTill(scope, recipient, scope.now());
  const batchId = String(values['batch'] ?? '');
  const batch = batchId ? await demandBatch(scope, batchId) : undefined;
  const person = values['person']
    ? await deps.people.find(scope, String(values['person']))
    : undefined;
  await ctx.render(
    'record',
    {
      title: scope.t('fundraising.record.title'),
      ...{ recipient, form: { values, faults }, batch, person },
      questions: questionsOf(scope, till),
      methods: (batch ? [batch.method] : byHand).map((method) => ({
        ...{ value: method, label: scope.t(`fundraising.method.${method}`) },
      })),
      countries: countryOptions(scope.locale),
    },
    Object.keys(faults).length > 0 ? 422 : 200,
  );
}

async function usual(deps: Deps, ctx: Context): Promise<Record<string, unknown>> {
  const { scope } = ctx;
  const { person: personId, batch: batchId } = ctx.filters(RecordQuery);
  const person = personId ? await deps.people.find(scope, personId) : undefined;
  const batch = batchId ? await demandBatch(scope, batchId) : undefined;
  return {
    key: randomUUID(),
    givenOn: batch?.depositedOn ?? todayOf(scope),
    ...{ donorType: 'natural_person', method: batch?.method ?? 'cheque', batch: batch?.id },
    ...(person && {
      ...{ person: person.id, givenName: person.givenName, familyName: person.familyName },
      ...{ email: person.emailAddresses[0], phone: person.phoneNumbers[0] },
      country: person.country,
    }),
    country: person?.country ?? countryOf(scope.organization.jurisdiction),
  };
}
