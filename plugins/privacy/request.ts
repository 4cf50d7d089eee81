// A request from its first word to its answer: by when, by whom, and what the person is told.
import { randomInt } from 'node:crypto';
import { notFound, refused, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { answerDays, makeLink, shortName } from './link.ts';
import {
  answer,
  extend,
  findOpen,
  findRequest,
  insertRequest,
  insertStep,
  type Kind,
  type Outcome,
  type RequestRow,
  raiseNeverAgain,
  schedule,
} from './request.sql.ts';
import { findEnd, findStart } from './request-day.sql.ts';

export interface Asked {
  personId: string;
  kind: Kind;
  origin: 'self' | 'staff';
  words?: string;
  /** The day on which it came in, if that is not today: from then on the deadline runs (GDPR 12(3)). */
  receivedOn?: string;
  neverAgain?: boolean;
  /** The program does it by itself, at once; else staff decide. */
  now?: boolean;
}

/** Asking again for what is open already is the same request. */
export function ask(scope: Scope, deps: Deps, asked: Asked): Promise<RequestRow> {
  return scope.write(async (own) => {
    const { kind, origin, words, receivedOn, neverAgain = false } = asked;
    const personId = await deps.mailboxes.hold(own, asked.personId);
    if (!personId) throw notFound('person', asked.personId);
    const askedAt = receivedOn ? await findStart(own, receivedOn) : own.now();
    const known = words ? undefined : await findOpen(own, personId, kind);
    // What came in before it has an earlier deadline, so it is one of its own.
    if (known && known.askedAt <= askedAt) return goOn(own, deps, known, asked);
    const dueAt = await dueOf(own, deps, { personId, kind, askedAt });
    const made = { personId, kind, origin, words, neverAgain, askedAt, dueAt };
    const nextAt = asked.now ? own.now() : undefined;
    const addressHashes = await deps.mailboxes.hashes(own, personId);
    const reference = newReference();
    const id = await insertRequest(own, { ...made, reference, nextAt, addressHashes });
    await insertStep(own, id, { kind: 'asked' });
    await tell(own, deps, 'request.asked', id, personId);
    if (asked.now) await deps.jobs.add(own, 'work', {}, { key: 'work' });
    return demand(await findRequest(own, id), id);
  });
}

async function goOn(scope: Scope, deps: Deps, known: RequestRow, asked: Asked) {
  if (asked.neverAgain) await raiseNeverAgain(scope, known.id);
  if (!asked.now || known.nextAt) return known;
  await schedule(scope, known.id, scope.now());
  await deps.jobs.add(scope, 'work', {}, { key: 'work' });
  return known;
}

/** The law of the party's country and of the person's, whichever wants it sooner; where none says, the house does. */
async function dueOf(
  scope: Scope,
  deps: Deps,
  { personId, kind, askedAt }: { personId: string; kind: Kind; askedAt: Date },
): Promise<Date> {
  const country = (await deps.mailboxes.owner(scope, personId))?.country;
  const person = country ? { country } : {};
  const ruling =
    kind === 'objection'
      ? scope.law.rule('requests.objection', { person })
      : scope.law.rule('requests.answer', { person });
  return findEnd(scope, askedAt, ruling.value ?? (await houseLength(scope, deps)));
}

async function houseLength(scope: Scope, deps: Deps): Promise<string> {
  const { answerDays: days } = await deps.settings.read<{ answerDays: number }>(scope);
  return `P${days}D`;
}

/** By how much a deadline may move, once; `undefined` where no law says so. */
export function extensionOf(scope: Scope): string | undefined {
  return scope.law.rule('requests.extend').value;
}

/** The person is told why, and until when (GDPR 12(3)). */
export function extendRequest(scope: Scope, deps: Deps, id: string, reason: string): Promise<void> {
  return moveOn(scope, id, async (own, request) => {
    const length = extensionOf(own);
    if (!length || !request.dueAt || request.extendedAt || request.dueAt < own.now()) {
      throw refused('privacy.not-extendable', {});
    }
    const dueAt = await findEnd(own, request.dueAt, length);
    await extend(own, id, dueAt);
    await insertStep(own, id, { kind: 'extended', text: reason });
    await tell(own, deps, 'request.extended', id, request.personId);
    await write(own, deps, request, { what: 'extended', text: reason, dueAt });
  });
}

export function refuseRequest(scope: Scope, deps: Deps, id: string, reason: string): Promise<void> {
  return moveOn(scope, id, async (own, request) => {
    // What runs already is not called back: part of it may be done.
    if (request.state === 'waiting' || request.nextAt) throw refused('privacy.under-way', {});
    await answer(own, id, { state: 'refused', outcome: 'refused' });
    await insertStep(own, id, { kind: 'refused', text: reason });
    await tell(own, deps, 'request.refused', id, request.personId);
    await write(own, deps, request, { what: 'refused', text: reason });
  });
}

/** Staff did what was asked; an objection and an erasure are done by the program alone. */
export function finishRequest(scope: Scope, deps: Deps, id: string, text?: string): Promise<void> {
  return moveOn(scope, id, async (own, request) => {
    if (request.kind === 'erasure' || request.kind === 'objection') {
      throw refused('privacy.under-way', {});
    }
    const outcome: Outcome = request.kind === 'correction' ? 'corrected' : 'given';
    await answer(own, id, { state: 'done', outcome });
    await insertStep(own, id, { kind: outcome, text });
    await tell(own, deps, 'request.done', id, request.personId);
    await write(own, deps, request, { what: outcome, text });
  });
}

/** An erasure or an objection that staff took down: the program goes on with it. */
export function startRequest(scope: Scope, deps: Deps, id: string): Promise<void> {
  return moveOn(scope, id, async (own, request) => {
    if (own.organization.parentId) throw refused('privacy.the-party', {});
    if (request.kind !== 'erasure' && request.kind !== 'objection') {
      throw refused('privacy.under-way', {});
    }
    await schedule(own, id, own.now());
    await insertStep(own, id, { kind: 'started' });
    await tell(own, deps, 'request.started', id, request.personId);
    await deps.jobs.add(own, 'work', {}, { key: 'work' });
  });
}

/** Done as soon as it is asked: what the person sees or takes along by themself. */
export function giveAtOnce(
  scope: Scope,
  deps: Deps,
  personId: string,
  kind: 'access' | 'copy',
): Promise<void> {
  return scope.write(async (own) => {
    const { id } = await ask(own, deps, { personId, kind, origin: 'self' });
    await answer(own, id, { state: 'done', outcome: 'given' });
    await insertStep(own, id, { kind: 'given' });
    await tell(own, deps, 'request.done', id, personId);
  });
}

async function moveOn(
  scope: Scope,
  id: string,
  act: (own: Scope, request: RequestRow) => Promise<void>,
): Promise<void> {
  await scope.write(async (own) => {
    const request = demand(await findRequest(own, id, true), id);
    if (request.answeredAt) throw refused('privacy.answered', {});
    await act(own, request);
  });
}

export function demand(request: RequestRow | undefined, id: string): RequestRow {
  if (!request) throw notFound('request', id);
  return request;
}

export function tell(
  scope: Scope,
  deps: Deps,
  act: string,
  id: string,
  personId: string | null,
): Promise<void> {
  const subject = { type: 'request', id };
  return deps.audit.record(scope, { act, subject, ...(personId && { personId }) });
}

/** By mail where there is an address; else the page says that staff must tell. */
async function write(
  scope: Scope,
  deps: Deps,
  request: RequestRow,
  said: { what: string; text?: string; dueAt?: Date },
): Promise<void> {
  const asker = request.personId && (await deps.mailboxes.owner(scope, request.personId));
  const to = asker ? asker.emailAddresses[0] : undefined;
  if (!asker || !to) return;
  const link = { personId: asker.id, address: to, seconds: answerDays * 24 * 3600 };
  const token = await makeLink(scope, deps, link);
  await deps.mail.send(scope, {
    ...{ to, view: 'answer', personId: asker.id, holdsKey: true, despiteNo: true },
    data: {
      ...{ ...said, kind: request.kind, reference: request.reference, days: answerDays },
      ...{ link: `/my-data/${token}`, name: shortName(asker), askedAt: request.askedAt },
    },
  });
}

/** No letter that is read for another. */
const letters = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

export function newReference(): string {
  const group = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  return [group(), group(), group()].join('-');
}
