// Fills the install with an invented party, plugin by plugin, and takes all of it out again.

import { findAccountByEmail } from '../accounts/account.sql.ts';
import { createAccount } from '../accounts/account.ts';
import type { Role } from '../accounts/roles.ts';
import type { Core } from '../core.ts';
import { refused } from '../errors.ts';
import { addJob } from '../jobs/jobs.sql.ts';
import { jobTask } from '../jobs/task.ts';
import {
  findOrganizations,
  insertOrganization,
  updateOrganizationRow,
} from '../organizations/organization.sql.ts';
import type { LegalIdentity, Organization } from '../organizations/organization.ts';
import type { Demo, DemoPlan, DemoTraces } from '../plugin.ts';
import type { Scope } from '../scope.ts';
import { randomToken } from '../secret.ts';
import type { Audit } from '../services.ts';
import { slugOf } from '../setup/setup.ts';
import {
  type DemoRow,
  deleteAccounts,
  deleteDemo,
  deleteOrganizations,
  deleteTraces,
  findDemo,
  findMarks,
  holdDemo,
  insertDemo,
  insertMarks,
  updateDemo,
} from './demo.sql.ts';
import type { DemoMark } from './mark.ts';
import { addressOfStaff, type InventedParty, inventedParties } from './party.ts';

export interface DemoHouse
  extends Pick<Core, 'scopes' | 'organizations' | 'registry' | 'versions' | 'log'> {
  demo: DemoMark;
  /** The core's. */
  audit: Audit;
}

export interface Login {
  name: string;
  email: string;
  password: string;
  role: Role;
  organization: string;
}

export interface DemoWish {
  /** `fr` or `us`. */
  country: string;
  people: number;
  /** Whose wish it is, if staff's. */
  by?: Scope;
  /** Hears how far it is. */
  tell?: (done: number, of: number) => void;
}

/** For the party of a country that has no invented one of its own. */
export function demoCountryOf(jurisdiction: string, locale: string): string {
  const country = jurisdiction.slice(0, 2);
  if (inventedParties[country]) return country;
  return locale === 'fr' ? 'fr' : 'us';
}

/** Answers the log-ins, whose passwords are kept nowhere. What fails half-way is taken out again. */
export async function fillDemo(house: DemoHouse, wish: DemoWish): Promise<Login[]> {
  const party = inventedParties[wish.country];
  if (!party) throw refused('demo.no-country', { country: wish.country });
  const scope = scopeOf(house);
  const begun = await scope.write((own) => begin(house, own, wish.country, party));
  await Promise.all([house.organizations.reload(), house.demo.reload()]);
  try {
    for (const [plugin, demo] of partsOf(house)) {
      if (!house.registry.isOn(plugin, scope.organization)) continue;
      await demo.fill(scopeOf(house, plugin), planOf(house, { plugin, wish, party, begun }));
    }
    await (wish.by ?? scope).write((own) => end(house, own, wish));
  } catch (error) {
    house.log.error({ err: error }, 'the demo could not be filled and is taken out again');
    if (await findDemo(scope.db)) await removeDemo(house);
    throw error;
  }
  await house.demo.reload();
  return begun.logins;
}

/** Answers the names of invented chapters that stay, because something real hangs on them by now. */
export async function removeDemo(house: DemoHouse, by = scopeOf(house)): Promise<string[]> {
  const kept = await by.write(async (own) => {
    const demo = await findDemo(own.db, true);
    if (!demo) throw refused('demo.none', {});
    for (const [plugin, part] of partsOf(house).reverse()) {
      await part.remove(own, tracesOf(plugin, demo));
    }
    await deleteTraces(own.db, demo);
    await deleteAccounts(own.db, demo.accounts);
    const stay = await deleteOrganizations(own.db, demo.organizations);
    await takeBackLegal(own, demo);
    await deleteDemo(own.db);
    await house.audit.record(own, {
      act: 'demo.removed',
      subject: { type: 'organization', id: own.organization.id },
      details: { country: demo.country },
    });
    await changed(house, own);
    // What was written meanwhile may leave now.
    const { id: organizationId } = own.organization;
    await addJob(own.db, jobTask('core', 'deliver-waiting-mail'), { organizationId });
    return stay;
  });
  const names = kept.map((id) => house.organizations.find(id)?.name ?? id);
  await Promise.all([house.organizations.reload(), house.demo.reload()]);
  return names;
}

interface Begun {
  chapters: { id: string; place: string; name: string }[];
  logins: Login[];
}

/** The mark comes first: from here on nothing leaves, and what is made can be found again. */
async function begin(
  house: DemoHouse,
  own: Scope,
  country: string,
  party: InventedParty,
): Promise<Begun> {
  if (!(await insertDemo(own.db, country, own.now()))) throw refused('demo.there', {});
  const chapters: Begun['chapters'] = [];
  for (const { name, place } of party.chapters) {
    const slug = freeSlug(house, slugOf(name));
    const chapter = { name, slug, locale: party.locale, parentId: own.organization.id };
    chapters.push({
      place,
      name,
      id: await insertOrganization(own.db, { ...chapter, now: own.now() }),
    });
  }
  const staff = await makeStaff(own, party, chapters);
  await updateDemo(own.db, {
    organizations: chapters.map(({ id }) => id),
    accounts: staff.map(({ id }) => id),
    legal: await lendLegal(own, party.legal),
  });
  await changed(house, own);
  return { chapters, logins: staff };
}

async function makeStaff(
  own: Scope,
  party: InventedParty,
  chapters: Begun['chapters'],
): Promise<(Login & { id: string })[]> {
  const made: (Login & { id: string })[] = [];
  for (const { name, role, at } of party.staff) {
    const { id: organizationId, name: organization } =
      chapters.find(({ place }) => place === at) ?? own.organization;
    const email = await freeAddress(own, addressOfStaff(name));
    const login = { name, role, email, password: randomToken(12) };
    const account = { ...login, locale: party.locale, organizationId };
    made.push({ ...login, organization, id: await createAccount(own, account) });
  }
  return made;
}

async function freeAddress(own: Scope, email: string): Promise<string> {
  for (let n = 1; ; n += 1) {
    const tried = n === 1 ? email : email.replace('@', `.${n}@`);
    if (!(await findAccountByEmail(own.db, tried))) return tried;
  }
}

function freeSlug({ organizations }: DemoHouse, slug: string): string {
  for (let n = 1; ; n += 1) {
    const tried = n === 1 ? slug : `${slug}-${n}`;
    if (!organizations.bySlug(tried)) return tried;
  }
}

/** Without it no form of the site is open and there is little to look at. Answers what was lent. */
async function lendLegal(own: Scope, invented: Required<LegalIdentity>): Promise<LegalIdentity> {
  const said = await saidOf(own);
  const lacking = Object.entries(invented).filter(([name]) => !said[name as keyof LegalIdentity]);
  const lent = Object.fromEntries(lacking);
  await updateOrganizationRow(own.db, own.organization.id, { legal: { ...said, ...lent } });
  return lent;
}

/** What the party has written since is its own. */
async function takeBackLegal(own: Scope, { legal: lent }: DemoRow): Promise<void> {
  const said = Object.entries(await saidOf(own));
  const its = said.filter(([name, text]) => lent[name as keyof LegalIdentity] !== text);
  await updateOrganizationRow(own.db, own.organization.id, { legal: Object.fromEntries(its) });
}

async function saidOf(own: Scope): Promise<LegalIdentity> {
  const rows = await findOrganizations(own.db);
  return rows.find(({ id }) => id === own.organization.id)?.legal ?? {};
}

async function end(house: DemoHouse, own: Scope, { country, people }: DemoWish): Promise<void> {
  await demandDemo(own);
  await updateDemo(own.db, { filledAt: own.now() });
  await house.audit.record(own, {
    act: 'demo.filled',
    subject: { type: 'organization', id: own.organization.id },
    details: { country, people },
  });
  await changed(house, own);
}

async function changed({ versions }: DemoHouse, own: Scope): Promise<void> {
  await versions.bump(own.db, 'house');
  await versions.bump(own.db, `site:${own.organization.id}`);
}

/** In order of `requires`. */
function partsOf({ registry }: DemoHouse): [string, Demo][] {
  return registry
    .all()
    .filter(({ state }) => state === 'loaded' || state === 'dormant')
    .flatMap(({ manifest, contributions }): [string, Demo][] =>
      contributions.demo ? [[manifest.id, contributions.demo]] : [],
    );
}

interface Planning {
  plugin: string;
  wish: DemoWish;
  party: InventedParty;
  begun: Begun;
}

function planOf(house: DemoHouse, { plugin, wish, party, begun }: Planning): DemoPlan {
  return {
    country: wish.country,
    locale: party.locale,
    people: wish.people,
    chapters: begun.chapters.map(({ id, place }) => ({ place, scope: scopeOf(house, plugin, id) })),
    mark: (scope, kind, ids) =>
      scope.write(async (own) => {
        await demandDemo(own);
        await insertMarks(own.db, plugin, kind, ids);
      }),
    tell: wish.tell ?? (() => {}),
  };
}

/** Somebody may remove it while it is being filled: what came after that could never be found again. */
async function demandDemo({ db }: Scope): Promise<void> {
  if (!(await holdDemo(db))) throw refused('demo.none', {});
}

function tracesOf(plugin: string, { organizations }: DemoRow): DemoTraces {
  return { chapters: organizations, marked: (scope, kind) => findMarks(scope.db, plugin, kind) };
}

function scopeOf(house: DemoHouse, plugin?: string, organizationId = partyOf(house).id): Scope {
  return house.scopes.make({ organizationId, plugin, actor: { kind: 'system', name: 'demo' } });
}

function partyOf({ organizations }: DemoHouse): Organization {
  const root = organizations.root();
  if (!root) throw refused('demo.no-party', {});
  return root;
}
