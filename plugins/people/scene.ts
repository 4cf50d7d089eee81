// The party, two sister chapters and the services that tests of people need.
import { randomUUID } from 'node:crypto';
import { fixedClock } from '../../core/clock.ts';
import { loadPacks } from '../../core/law/pack.ts';
import { loadLocales } from '../../core/locale.ts';
import { makeLog } from '../../core/log.ts';
import { makeOrganizations } from '../../core/organizations/organizations.ts';
import { makeScopes } from '../../core/scopes.ts';
import { cloneDatabase } from '../../core/testing/database.ts';
import type { Actor, Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { makeSubjectRights } from './subject.ts';

export async function makeScene(t: { teardown(fn: () => unknown): void }) {
  const { database } = await cloneDatabase(t);
  const clock = fixedClock('2026-11-24T09:00:00Z');
  const insert = async (name: string, parent: string | null, jurisdiction: string | null) => {
    const slug = name.toLowerCase();
    const found = await database.db.raw(
      `insert into core.organization (parent_id, slug, name, jurisdiction, locale, created_at)
       values (:parent, :slug, :name, :jurisdiction, 'en', :now) returning id`,
      { parent, slug, name, jurisdiction, now: clock.now() },
    );
    return found.rows[0].id as string;
  };
  const partyId = await insert('Party', null, 'fr');
  const lyonId = await insert('Lyon', partyId, null);
  const lilleId = await insert('Lille', partyId, null);
  const organizations = makeOrganizations(database.db);
  await organizations.reload();
  const log = makeLog('silent');
  const locales = await loadLocales({
    folders: [
      new URL('../../core/locales', import.meta.url).pathname,
      new URL('../../core/law/locales', import.meta.url).pathname,
      new URL('./locales', import.meta.url).pathname,
    ],
    log,
  });
  const scopes = makeScopes({
    clock,
    database,
    packs: await loadPacks(),
    locales,
    organizations,
  });
  const staff = (): Actor => ({
    kind: 'staff',
    accountId: '1',
    name: 'Sam',
    permissions: new Set(['people.person.read']),
  });
  const system: Actor = { kind: 'system', name: 'test' };
  const events: { event: string; payload: unknown }[] = [];
  const acts: string[] = [];
  const deps: Deps = {
    events: {
      emit: async (_scope: Scope, event: string, payload: unknown) => {
        events.push({ event, payload });
      },
    } as Deps['events'],
    audit: { record: async (_scope, entry) => void acts.push(entry.act) },
    jobs: { add: async () => {} },
    limits: { take: async () => true },
    subjects: {
      export: async function* () {},
      erase: async (scope, id) => {
        await makeSubjectRights(deps).erase(scope, id);
        return { waitingFor: [] };
      },
      merge: (scope, from, into) => makeSubjectRights(deps).merge(scope, from, into),
    },
  };
  return {
    ...{ database, clock, scopes, deps, events, acts, organizations },
    party: scopes.make({ organizationId: partyId, actor: system }),
    lyon: scopes.make({ organizationId: lyonId, actor: system }),
    lille: scopes.make({ organizationId: lilleId, actor: system }),
    /** Reads under row-level security, as a chapter's staff does. */
    asStaff: <T>(organizationId: string, fn: (scope: Scope) => Promise<T>) =>
      scopes.with({ organizationId, actor: staff() }, fn),
    someone: () => `${randomUUID()}@example.org`,
  };
}
