// A party with chapters for the tests of the accounts: real tables, a clock that stands still, mails laid aside.
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { generate } from 'otplib';
import { makeAudit } from '../audit/audit.ts';
import { fixedClock } from '../clock.ts';
import type { Config } from '../config.ts';
import { loadPacks } from '../law/pack.ts';
import { loadLocales } from '../locale.ts';
import { makeLog } from '../log.ts';
import { insertOrganization } from '../organizations/organization.sql.ts';
import { makeOrganizations } from '../organizations/organizations.ts';
import type { Registry } from '../registry.ts';
import type { Scope } from '../scope.ts';
import { makeScopes } from '../scopes.ts';
import type { MailMessage } from '../services.ts';
import { cloneDatabase, type Test } from '../testing/database.ts';
import type { Versions } from '../versions.ts';
import { createAccount } from './account.ts';
import type { AccountDeps } from './deps.ts';
import type { Role } from './roles.ts';
import { findSession } from './session.ts';
import { actorOf, standingOf } from './standing.ts';

export const origin = { ip: '192.0.2.77', agent: 'Mozilla/5.0 (X11; Linux) Firefox/140.0' };
const morning = '2026-11-24T10:00:00Z';
export const password = 'une longue phrase à moi';

export interface Place {
  deps: AccountDeps & { database: Awaited<ReturnType<typeof cloneDatabase>>['database'] };
  clock: ReturnType<typeof fixedClock>;
  mails: MailMessage[];
  party: string;
  lyon: string;
  /** Below Lyon. */
  vaise: string;
  nantes: string;
  visitor: Scope;
  /** For the next test of the file: nobody, no rate, no mail, the first morning. */
  clear(): Promise<void>;
  later(seconds: number): void;
  member(role: Role, organizationId: string, email?: string): Promise<string>;
  /** Staff at work, as the pipeline makes their scope. */
  asStaff<T>(token: string, organizationId: string, fn: (scope: Scope) => Promise<T>): Promise<T>;
}

export async function makePlace(t: Test, options: { empty?: boolean } = {}): Promise<Place> {
  const { database } = await cloneDatabase(t);
  const clock = fixedClock(morning);
  const log = makeLog('silent');
  const core = resolve(import.meta.dirname, '..');
  const organizations = makeOrganizations(database.db);
  const ids = options.empty ? emptyIds : await insertTree(database.db, clock.now());
  await organizations.reload();
  const folders = [`${core}/locales`, `${core}/accounts/locales`];
  const locales = await loadLocales({ folders, log });
  const packs = await loadPacks();
  const scopes = makeScopes({
    ...{ clock, database, packs, locales, organizations, registry },
    versions: { current: () => '0', settle: async () => {} } as unknown as Versions,
  });
  const mails: MailMessage[] = [];
  const deps = {
    ...{ clock, database, organizations, scopes, locales, log, registry },
    config: { secret: randomBytes(32), url: 'https://parti.example' } as Config,
    audit: makeAudit()('core'),
    mail: async (_scope: Scope, message: MailMessage) => String(mails.push(message)),
  };
  const visitor = scopes.make({ organizationId: ids.party, actor: { kind: 'visitor' } });
  return {
    ...{ deps, clock, mails, visitor, ...ids },
    async clear() {
      for (const table of ['account', 'rate']) {
        await database.db.withSchema('core').from(table).delete();
      }
      mails.length = 0;
      clock.set(morning);
    },
    later: (seconds) => clock.set(new Date(clock.now().getTime() + seconds * 1000)),
    member: (role, organizationId, email = `${role}@parti.example`) => {
      const who = { email, name: role, locale: 'fr', password, role, organizationId };
      return createAccount({ db: database.db, now: () => clock.now() }, who);
    },
    async asStaff(token, organizationId, fn) {
      const session = await findSession(deps, token);
      if (!session) throw new Error('this token opens nothing');
      const actor = actorOf(session, standingOf(deps, session, organizationId));
      return scopes.with({ organizationId, actor }, fn);
    },
  };
}

/** The code that a telephone with this secret shows. */
export function codeAt(place: Place, secret: string): Promise<string> {
  return generate({ secret, epoch: Math.floor(place.clock.now().getTime() / 1000) });
}

export function linkIn(mail: MailMessage | undefined): string {
  return String(mail?.data.href).split('/').at(-1) ?? '';
}

const emptyIds = { party: '0', lyon: '0', vaise: '0', nantes: '0' };
type Tables = Parameters<typeof insertOrganization>[0];

async function insertTree(db: Tables, now: Date) {
  const chapter = (slug: string, parentId?: string) =>
    insertOrganization(db, { slug, name: slug, parentId, jurisdiction: 'fr', locale: 'fr', now });
  const party = await chapter('parti');
  const lyon = await chapter('lyon', party);
  return {
    party,
    lyon,
    vaise: await chapter('vaise', lyon),
    nantes: await chapter('nantes', party),
  };
}

const registry = {
  find: () => undefined,
  isOn: () => false,
  byPath: () => undefined,
  all: () => [
    {
      state: 'loaded',
      contributions: {},
      manifest: {
        id: 'choir',
        permissions: { 'choir.song.sing': 'Sing', 'choir.song.write': 'Write songs' },
        roles: {
          organiser: ['choir.song.sing', 'choir.song.write'],
          'chapter-volunteer': ['choir.song.sing'],
        },
      },
    },
    {
      state: 'absent',
      contributions: {},
      manifest: { id: 'gone', permissions: { 'gone.all.do': 'Do' } },
    },
  ],
} as unknown as Registry;
