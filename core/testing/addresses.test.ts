// Every address that is mounted, asked for with ids that are none, and with methods that it does not take.
import test from 'ava';
import type { Router } from '../http/context.ts';
import { makeParts } from '../pages.ts';
import { type App, makeApp } from './index.ts';

interface Mounted {
  method: string;
  path: string;
}

const strange = ['x', '99999999999999999999', '-1', '1%20', '%27'];

/** As the pipeline mounts them: the core's own and those of each plugin. */
function mountedIn({ house }: App): Mounted[] {
  const parts = makeParts(house);
  const own: [string, Router][] = [
    ['', parts.setup],
    ['', parts.accounts.publicRoutes],
    ['', parts.accounts.adminRoutes],
    ...parts.coreAdmin.map(({ prefix, router }): [string, Router] => [prefix, router]),
  ];
  const root = house.organizations.root();
  const on = house.registry
    .all()
    .filter((one) => root && house.registry.isOn(one.manifest.id, root));
  const theirs = on.flatMap(({ manifest: { id }, contributions }) => {
    const { admin, site, api } = contributions;
    const all: [string, Router | undefined][] = [
      [`/admin/${id}`, admin],
      ['', site],
      [`/api/v1/${id}`, api],
    ];
    return all.flatMap(([prefix, router]) =>
      router ? [[prefix, router] as [string, Router]] : [],
    );
  });
  return [...own, ...theirs].flatMap(([prefix, router]) =>
    router.stack.flatMap((layer) =>
      layer.methods.map((method) => ({
        method,
        path: `${prefix}${String(layer.path)}`.replace(/(.)\/$/, '$1'),
      })),
    ),
  );
}

test('an id that is none is nowhere a fault of ours', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us' });
  const staff = await app.staff();
  const mounted = mountedIn(app).filter(({ path }) => path.includes(':'));
  t.true(mounted.length > 40);
  for (const { method, path } of mounted) {
    for (const word of strange) {
      const address = path.replace(/:\w+/g, word);
      const headers = { 'Sec-Fetch-Site': 'same-origin' };
      const { status } = await staff.ask(method, address, { headers });
      t.true(status < 500, `${method} ${address} answers ${status}`);
      if (/:id\b|:\w+Id\b/.test(path)) t.is(status, 404, `${method} ${address}`);
    }
  }
});

test('an address that is there answers another method with 405 and what it takes', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us' });
  const staff = await app.staff();
  const visitor = app.visitor();
  const headers = { 'Sec-Fetch-Site': 'same-origin' };
  for (const { path } of mountedIn(app).filter((one) => !one.path.includes(':'))) {
    if (path.startsWith('/setup')) continue;
    const { status, headers: said } = await staff.ask('DELETE', path, { headers });
    t.is(status, 405, path);
    t.regex(said.get('Allow') ?? '', /GET|POST/, path);
  }
  const page = await visitor.ask('PUT', '/', { headers });
  t.is(page.status, 405);
  t.is(page.headers.get('Allow'), 'GET, HEAD');
  t.regex(page.body, /Nothing can be sent here in this way/);
  const door = await visitor.ask('PUT', '/account/log-in', { headers });
  t.is(door.headers.get('Allow'), 'HEAD, GET, POST');
  t.is((await visitor.ask('PUT', '/nowhere', { headers })).status, 404);
});

test('HEAD answers what GET does, without a body', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us' });
  const staff = await app.staff();
  const open = mountedIn(app).filter(({ method, path }) => method === 'GET' && !/[:]/.test(path));
  for (const path of ['/', '/health/live', '/nowhere', ...open.map((one) => one.path)]) {
    const [get, head] = [await staff.get(path), await staff.ask('HEAD', path)];
    t.is(head.status, get.status, path);
    t.is(head.body, '', path);
  }
});
