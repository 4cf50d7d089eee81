// Money in an invented party: a year of play money, where nothing can be charged, and its going.
import { readFileSync } from 'node:fs';
import type { Person } from 'rostra/people';
import type { Demo, DemoPlan, Scope } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { seal } from '../ledger.ts';
import { insertOffice } from '../office.sql.ts';
import { donationPage } from '../page-type.ts';
import { insertRecipient } from '../recipient.sql.ts';
import { deletePlayMoney } from './demo.sql.ts';
import { enterWaiting, enterYear, openBooks } from './enter.ts';
import { type InventedRecipient, inventGifts, type Words } from './invent.ts';

const most = 130;
/** How many of them gave to the chapter. */
const share = 6;

export function makeDemo(deps: Deps): Demo {
  return {
    async fill(scope, plan) {
      const file = new URL(`${plan.country}.json`, import.meta.url);
      const words: Words = JSON.parse(readFileSync(file, 'utf8'));
      const people = await findInvented(scope, deps);
      const elsewhere = plan.chapters.find(({ place }) => place === words.local.place);
      const some = Math.ceil(people.length / share);
      const treasurers = await findTreasurers(scope, deps, words);
      await found(scope, plan, deps, { words, treasurers, people: people.slice(some) });
      if (elsewhere) {
        const local = { words, treasurers, people: people.slice(0, some), isLocal: true };
        await found(elsewhere.scope, plan, deps, local);
      }
    },
    async remove(scope, traces) {
      const recipients = await traces.marked(scope, 'recipient');
      await deletePlayMoney(scope, { recipients, organizations: traces.chapters });
      await deps.sitePages.withdraw(scope, await traces.marked(scope, 'page'));
      await deps.cache.drop(scope);
    },
  };
}

/** Who has but addresses that are kept for examples: nobody real gives in a demo. */
async function findInvented(scope: Scope, { people }: Deps): Promise<Person[]> {
  const changed = await people.changes(scope, new Date(0), 10 * most);
  const found = await people.findMany(
    scope,
    changed.map(({ id }) => id),
  );
  const invented = found.filter(({ givenName, familyName, emailAddresses: all }) => {
    const isExample = all.length > 0 && all.every((one) => one.endsWith('@example.org'));
    return isExample && givenName && familyName;
  });
  // They come by name: some of each letter.
  const step = Math.max(1, Math.floor(invented.length / most));
  return invented.filter((_, at) => at % step === 0).slice(0, most);
}

async function findTreasurers(scope: Scope, { staff }: Deps, words: Words): Promise<string[]> {
  const all = await staff.list(scope);
  return all
    .filter(({ name, emailAddress }) => {
      return name === words.treasurer && emailAddress.endsWith('@example.org');
    })
    .map(({ id }) => id);
}

interface Founding {
  words: Words;
  treasurers: readonly string[];
  people: readonly Person[];
  isLocal?: boolean;
}

async function found(
  scope: Scope,
  plan: DemoPlan,
  deps: Deps,
  { words, treasurers, people, isLocal = false }: Founding,
): Promise<void> {
  const { country } = plan;
  const kind = isLocal ? 'local_party' : 'party';
  const id = await scope.write(async (own) => {
    const made = await insertRecipient(own, {
      ...blank,
      ...(isLocal ? words.local : words.party),
      ...{ kind, currency: country === 'fr' ? 'EUR' : 'USD', isTest: true },
    });
    await plan.mark(own, 'recipient', [made]);
    for (const accountId of treasurers) {
      await insertOffice(own, { recipientId: made, accountId, duty: 'treasurer' });
    }
    const pageId = isLocal ? undefined : await publish(own, plan, deps, words, made);
    const books = await openBooks(own, made, { words, pageId });
    const gifts = inventGifts(words, people, { now: own.now(), country });
    await enterYear(books, gifts);
    if (!isLocal) await enterWaiting(books, gifts);
    return made;
  });
  await seal(scope, id);
}

const blank: Omit<Required<Record<keyof InventedRecipient, undefined>>, 'name' | 'address'> & {
  election: undefined;
  opensOn: undefined;
  closesOn: undefined;
} = {
  ...{ collector: undefined, agent: undefined, registerNumber: undefined },
  ...{ bankAccount: undefined, region: undefined },
  ...{ election: undefined, opensOn: undefined, closesOn: undefined },
};

async function publish(
  scope: Scope,
  plan: DemoPlan,
  deps: Deps,
  { page, treasurer }: Words,
  recipientId: string,
): Promise<string | undefined> {
  const { title, slug, summary, body, ...settings } = page;
  const id = await deps.sitePages.publish(scope, {
    ...{ title, slug, summary, body, type: donationPage, inMenu: true, author: treasurer },
    settings: { ...settings, recipient: recipientId, showsProgress: true },
  });
  if (id) await plan.mark(scope, 'page', [id]);
  await deps.cache.drop(scope);
  return id;
}
