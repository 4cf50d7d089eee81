// A small core for the tests of the pipeline: one party, one chapter, plugins as a test needs them.
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { StaffSession } from '../accounts/session.ts';
import { fixedClock } from '../clock.ts';
import type { Core } from '../core.ts';
import type { Law, Reason } from '../law/gate.ts';
import { makeLog } from '../log.ts';
import type { Organization } from '../organizations/organization.ts';
import type { Contributions } from '../plugin.ts';
import type { FoundPlugin, Standing } from '../registry.ts';
import type { Scope } from '../scope.ts';
import { type ScopeRequest, unborn } from '../scopes.ts';
import { makeHttp } from './app.ts';
import { router } from './context.ts';
import { makeServer, type Patience } from './listen.ts';
import { makePageCache } from './page-cache.ts';
import type { HttpParts } from './parts.ts';

const common = { jurisdiction: 'fr', locale: 'fr', timeZone: 'Europe/Paris', legal: {} };
export const party: Organization = {
  ...{ id: '1', parentId: undefined, path: '1', slug: 'parti', name: 'Parti' },
  ...common,
};
export const lyon: Organization = {
  ...{ id: '2', parentId: '1', path: '1.2', slug: 'lyon', name: 'Lyon' },
  ...common,
};

export const reason: Reason = {
  rule: 'capabilities.enrich.social',
  effect: 'deny',
  source: 'CNIL, communiqué du 8 novembre 2016',
  url: 'https://regulator.example/communiqué',
  asOf: '2016-11-08',
  basis: 'regulator',
  confidence: 'V',
  pack: 'fr',
  version: '1',
};

export interface Wanted {
  plugins?: Record<string, Contributions & { paths?: string[] }>;
  /** By plugin; on if left out. */
  standing?: Record<string, Standing>;
  isSetUp?: boolean;
  parts?: Partial<HttpParts>;
  config?: Partial<Core['config']>;
  patience?: Partial<Patience>;
  /** Whom the cookie `staff=yes` stands for. */
  session?: StaffSession;
}

type Fake = { [K in keyof Core]?: Partial<Required<Core>[K]> };

export interface Fixture {
  port: number;
  core: Core;
  pages: HttpParts['pages'];
  standing: Record<string, Standing>;
  /** What was reported of plugins. */
  reports: string[];
  /** Lines of the log. */
  lines: string[];
  data: string;
  bump(name: string): void;
  clock: ReturnType<typeof fixedClock>;
  send(options: Sent): Promise<Got>;
  get(path: string, headers?: Record<string, string>): Promise<Got>;
}
export interface Sent {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}
export interface Got {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  bytes: Buffer;
}

export async function makeFixture(
  t: { teardown(fn: () => Promise<void>): void },
  wanted: Wanted = {},
): Promise<Fixture> {
  const data = await mkdtemp(path.join(os.tmpdir(), 'rostra-http-'));
  const made = fakeCore(data, wanted);
  const pages = makePageCache(made.core.versions, made.clock);
  const { handle } = makeHttp(made.core, fakeParts(pages, wanted));
  const server = makeServer(handle, wanted.patience);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  t.teardown(async () => {
    server.closeAllConnections();
    server.close();
    await rm(data, { recursive: true, force: true });
  });
  const send = (options: Sent): Promise<Got> => request(port, options);
  return {
    ...made,
    port,
    pages,
    data,
    send,
    get: (address, headers) => send({ path: address, ...(headers && { headers }) }),
  };
}

export function request(
  port: number,
  { method, path: address, headers, body }: Sent,
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method: method ?? 'GET', path: address, headers };
    const req = http.request({ ...options, agent: false }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: res.statusCode ?? 0, headers: res.headers, text: `${bytes}`, bytes });
      });
    });
    req.on('error', reject);
    req.end(body);
  });
}

function fakeCore(data: string, wanted: Wanted) {
  const clock = fixedClock('2026-11-24T10:00:00Z');
  const lines: string[] = [];
  const reports: string[] = [];
  const versions = new Map<string, number>();
  const hearers: ((name: string) => void)[] = [];
  const standing: Record<string, Standing> = wanted.standing ?? {};
  const plugins = Object.entries(wanted.plugins ?? {}).map(([id, given]) => found(id, given));
  const standingOf = (id: string): Standing => standing[id] ?? { on: true };
  const all = [party, lyon];
  const find = (id: string) => all.find((each) => each.id === id);
  const make = (request: ScopeRequest): Scope => scopeOf(request, find, clock);
  const core = {
    config: { ...config(data), ...wanted.config },
    log: makeLog('info', { write: (line: string) => void lines.push(line) }),
    clock,
    registry: {
      all: () => plugins,
      find: (id) => plugins.find(({ manifest }) => manifest.id === id),
      standing: standingOf,
      isOn: (id) => standingOf(id).on,
      byPath: (segment) => plugins.find(({ manifest }) => manifest.paths?.includes(segment)),
      report: (plugin, where, error) => void reports.push(`${plugin} ${where} ${error}`),
    },
    organizations: {
      root: () => (wanted.isSetUp === false ? undefined : party),
      all: () => all,
      find,
      bySlug: (slug) => all.find((each) => each.slug === slug),
      byHost: (host) =>
        ({ 'parti.example': party, '127.0.0.1': party, 'lyon.example': lyon })[host],
      below: (id) => (id === '1' ? ['1', '2'] : [id]),
      switchOf: () => undefined,
      reload: async () => {},
    },
    scopes: {
      make,
      at: (scope, organizationId) => make({ organizationId, actor: scope.actor }),
      with: (request, fn) => fn(make(request)),
      revive: async () => {},
      enter: () => {},
    },
    versions: {
      bump: async () => {},
      settle: async () => {},
      current: (name) => String(versions.get(name) ?? 0),
      listen: (hear) => void hearers.push(hear),
      poll: async () => {},
      stop: async () => {},
    },
    locales: {
      known: ['en', 'fr'],
      t: (locale, key, params) => `${locale}:${key}${params ? JSON.stringify(params) : ''}`,
      has: (key) => key.startsWith('http.'),
      choose: (header, fallback) => (header?.startsWith('en') ? 'en' : fallback),
    },
    themes: {
      render: async ({ surface, view, data: given, frame }) =>
        `<html>${surface} ${view} ${JSON.stringify(given)} ${JSON.stringify(frame)}</html>`,
      findAsset: async (address) => (address === asset.address ? asset : undefined),
    },
  } satisfies Fake as unknown as Core;
  const bump = (name: string): void => {
    versions.set(name, (versions.get(name) ?? 0) + 1);
    for (const hear of hearers) hear(name);
  };
  return { core, clock, lines, reports, standing, bump };
}

const asset = {
  address: '/assets/core/abc/core.css',
  type: 'text/css; charset=utf-8',
  body: Buffer.from('plain'),
  br: Buffer.from('packed'),
  etag: '"tag"',
  immutable: true,
};

function config(data: string): Core['config'] {
  return {
    ...{ port: 0, host: '127.0.0.1', url: 'http://parti.example', data, role: 'web' },
    ...{ secret: Buffer.alloc(32, 7), trustedProxies: [], logLevel: 'info' },
  } as Partial<Core['config']> as Core['config'];
}

function fakeParts(pages: HttpParts['pages'], wanted: Wanted): HttpParts {
  return {
    accounts: {
      readSession: async (cookie) => (cookie?.includes('staff=yes') ? wanted.session : undefined),
      readToken: async () => Promise.reject(new Error('no token here')),
      publicRoutes: router(),
      adminRoutes: router(),
    },
    coreAdmin: [],
    setup: router(),
    frame: async (ctx) => ({ base: ctx.visit.adminBase }),
    siteFrame: async () => ({ site: true }),
    pages,
    ...wanted.parts,
  };
}

function found(id: string, { paths, ...contributions }: Contributions & { paths?: string[] }) {
  const manifest = { id, version: '1.0.0', core: '^1.0.0', ...(paths && { paths }) };
  const plugin: FoundPlugin = {
    ...{ manifest, folder: '/', bundled: true, state: 'loaded', contributions },
  };
  return plugin;
}

function scopeOf(
  { organizationId, actor, locale }: ScopeRequest,
  find: (id: string) => Organization | undefined,
  clock: { now(): Date },
): Scope {
  const organization = find(organizationId) ?? unborn;
  const own = locale ?? organization.locale;
  return {
    ...{ organization, bound: undefined, law: {} as Law, actor, locale: own },
    now: () => clock.now(),
    may: (permission: string) => actor.kind === 'staff' && actor.permissions.has(permission),
    t: (key: string, params?: object) => `${own}:${key}${params ? JSON.stringify(params) : ''}`,
  } as Partial<Scope> as Scope;
}

/** Staff with the role of administrator, who may all that plugins declare. */
export function staffSession(organizationId: string): StaffSession {
  return {
    ...{ id: '1', accountId: '1', name: 'Anne', email: 'anne@parti.example', locale: 'fr' },
    ...{ organizationId, roles: [{ organizationId, role: 'administrator' }] },
    ...{ hasSecondFactor: true, secondFactorNeeded: undefined },
  };
}
