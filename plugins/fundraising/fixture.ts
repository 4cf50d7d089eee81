// A party that takes money, for the tests: its treasurer, a recipient, and gifts that fit.
import type { Actor, Scope } from 'rostra/plugin';
import { type App, makeApp, type Test } from 'rostra/testing';
import { type Deps, depsOf } from './deps.ts';
import { demandDonation } from './donation.ts';
import { insertOffice } from './office.sql.ts';
import { demandOffice } from './office.ts';
import type { Circumstances } from './pledge.ts';
import { insertRecipient, type Recipient, type RecipientValues } from './recipient.sql.ts';
import type { Offer } from './till.ts';

export interface Desk {
  app: App;
  deps: Deps;
  /** A job's: holds every office. */
  scope: Scope;
  recipient: Recipient;
}

/** Of the jurisdiction's party, or another kind of recipient. */
export async function openDesk(
  t: Test,
  jurisdiction: string,
  values: Partial<RecipientValues> = {},
): Promise<Desk> {
  const app = await makeApp(t, { jurisdiction });
  const scope = app.scope();
  const deps = depsOf(app.get('fundraising'));
  return { app, deps, scope, recipient: await makeRecipient(scope, values) };
}

export async function makeRecipient(
  scope: Scope,
  values: Partial<RecipientValues> = {},
): Promise<Recipient> {
  const [collector] = scope.law.rule('money.collector').value ?? [];
  const currency = scope.law.rule('money.cap.party').value?.currency ?? 'EUR';
  const id = await scope.write((own) =>
    insertRecipient(own, {
      ...{ kind: 'party', name: 'The party', collector, agent: collector && 'The association' },
      ...{ address: '1 rue de la Paix\n69001 Lyon', registerNumber: undefined, currency },
      ...{ bankAccount: undefined, election: undefined, opensOn: undefined, closesOn: undefined },
      ...{ region: undefined, isTest: false },
      ...values,
    }),
  );
  return demandOffice(scope, id, 'read');
}

/** Staff who hold an office of the recipient. */
export async function officerOf(
  { app, scope }: Pick<Desk, 'app' | 'scope'>,
  recipientId: string,
  duty: 'treasurer' | 'delegate' | 'accountant',
): Promise<Actor & { kind: 'staff' }> {
  const made = await app.house.database.db.raw(
    `insert into core.account (email, name, locale, created_at)
     values ('${duty}-' || gen_random_uuid() || '@example.org', :name, 'en', :now) returning id`,
    { name: duty, now: scope.now() },
  );
  const accountId = made.rows[0].id;
  await scope.write((own) => insertOffice(own, { recipientId, accountId, duty }));
  return { kind: 'staff', accountId, name: duty, permissions: new Set() };
}

/** A gift that the laws of fr, us, gb and ca-qc all let pass; what a test is about is put over it. */
export function offerOf(scope: Scope, more: Partial<Offer> = {}): Offer {
  return {
    ...{ amountMinor: 5_000, method: 'transfer', donorType: 'natural_person', isAnonymous: false },
    givenOn: scope.now().toISOString().slice(0, 10),
    qualities: ['nationality:FR', 'residence:FR', 'citizen', 'elector:GB', 'elector:QC'],
    excluded: [],
    identity: {
      ...{ givenName: 'Zoé', familyName: 'Martin', emailAddress: 'zoe@example.org' },
      ...{ nationality: 'FR', occupation: 'Baker', employer: 'Her own' },
      address: { line1: '2 rue Haute', postcode: '69001', locality: 'Lyon', country: 'FR' },
    },
    attested: [...(scope.law.rule('money.attest').value ?? [])],
    ...more,
  };
}

let keys = 0;
export function aroundOf(more: Partial<Circumstances> = {}): Circumstances {
  keys += 1;
  return { source: 'staff', key: `test-key-${keys}`, ...more };
}

export const again = (desk: Desk, id: string) => demandDonation(desk.scope, id);
