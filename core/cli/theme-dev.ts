// The bench of who makes a theme: the site and every view in it, loaded anew when one of its files changes.
import { readdirSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { assemble, type House } from '../assemble.ts';
import { readConfig } from '../config.ts';
import { StartError } from '../database/start-error.ts';
import { makeHttp } from '../http/app.ts';
import { makeServer } from '../http/listen.ts';
import { makeLog } from '../log.ts';
import { makeParts } from '../pages.ts';
import { type Gallery, makeGallery } from '../theme/gallery.ts';
import type { Look } from '../theme/look.ts';
import { exampleParty } from '../theme/sampler.ts';
import { readTheme } from '../theme/theme.ts';
import { folderOf } from './theme.ts';

export interface Bench {
  url: string;
  /** Where the views are. */
  base: string;
  /** Folders whose changes show. */
  watched: string[];
  stop(): Promise<void>;
}

const base = '/_theme';

export async function startBench(
  env: NodeJS.ProcessEnv,
  port: number,
  wanted?: string,
): Promise<Bench> {
  const folder = wanted && folderOf(wanted);
  const given = readConfig({ ROSTRA_LOG: 'error', ...env, NODE_ENV: 'development' });
  const themes = [...given.themes, ...(folder ? [folder] : [])];
  const config = { ...given, port, url: `http://localhost:${port}`, themes, role: 'web' as const };
  const house = await assemble(config, { log: makeLog(config.logLevel), owner: false });
  try {
    await house.loadPlugins();
    const theme = wanted && idOf(house, folder ?? wanted);
    const lookOf = (): Look => (theme ? { theme } : lookOfParty(house));
    const watched = foldersOf(house, lookOf().theme);
    return await serve(house, lookOf, watched, port);
  } catch (error) {
    await close(house);
    throw error;
  }
}

function idOf(house: House, wanted: string): string {
  const read = wanted.includes('/') ? readTheme(wanted) : { id: wanted };
  const listed = house.themes.list().find((each) => 'id' in read && each.id === read.id);
  if (listed && !listed.fault) return listed.id;
  const known = house.themes.list().map(({ id }) => id);
  throw new StartError(listed?.fault ?? `No theme "${wanted}"; there are ${known.join(', ')}.`);
}

function lookOfParty({ organizations, looks }: House): Look {
  const party = organizations.root();
  return party ? looks.of(party) : { theme: 'plain' };
}

/** Its own, and its parents'. */
function foldersOf(house: House, theme: string): string[] {
  const listed = new Map(house.themes.list().map((each) => [each.id, each]));
  const line: string[] = [];
  for (let one = listed.get(theme); one; one = listed.get(one.parent ?? '')) line.push(one.folder);
  return line;
}

async function serve(
  house: House,
  lookOf: () => Look,
  watched: string[],
  port: number,
): Promise<Bench> {
  const listeners = new Set<ServerResponse>();
  let changes = 0;
  wear(house, lookOf, () => changes);
  const shown = () => ({
    organization: house.organizations.root() ?? exampleParty,
    look: lookOf(),
  });
  const gallery = makeGallery(house, base, shown);
  const parts = makeParts(house);
  // Nothing is kept: a page that was drawn while a file changed would be shown for ever.
  const http = makeHttp(house, { ...parts, pages: { ...parts.pages, store: async () => {} } });
  const server = makeServer((req, res) => {
    if (req.url?.startsWith(`${base}/events?`)) {
      return listen(listeners, res, req.url !== `${base}/events?seen=${changes}`);
    }
    void answer(gallery, req, res, changes).then((isDone) => {
      if (isDone) return;
      // A party with an address of its own answers to no other.
      const own = house.organizations.hostsOf(house.organizations.root()?.id ?? '')[0];
      if (own) req.headers.host = own;
      http.handle(req, res);
    });
  });
  await new Promise<void>((done, fail) => {
    server.once('error', (cause) => fail(new StartError(`Port ${port}: ${cause.message}`)));
    server.listen(port, '127.0.0.1', done);
  });
  const views = house.found.map((one) => join(one.folder, 'views'));
  const unwatch = watch([...watched, ...views], () => {
    changes += 1;
    house.themes.refresh();
    for (const one of listeners) one.write(change);
  });
  return {
    ...{ base, watched, url: `http://localhost:${(server.address() as AddressInfo).port}` },
    async stop() {
      unwatch();
      for (const one of listeners) one.end();
      server.close();
      server.closeAllConnections();
      await close(house);
    },
  };
}

/** Whatever is drawn for the site wears the look, and hears of changes. */
function wear({ themes }: House, lookOf: () => Look, changes: () => number): void {
  const { render, renderMail } = themes;
  Object.assign(themes, {
    renderMail: (request) => renderMail({ look: lookOf(), ...request }),
    async render(request) {
      if (request.surface === 'admin') return render(request);
      const seen = changes();
      return withReload(await render({ look: lookOf(), ...request }), seen);
    },
  } satisfies Partial<typeof themes>);
}

/** `seen`: changes before it was drawn. What changed while it was drawn, or on its way, is told when it asks. */
function withReload(html: string, seen: number): string {
  if (html.includes(`${base}/reload.js`)) return html;
  const script = `<script src="${base}/reload.js?seen=${seen}"></script>`;
  return html.replace(/<\/body>/i, `${script}\n$&`);
}

const change = 'event: change\ndata: \n\n';

function listen(listeners: Set<ServerResponse>, res: ServerResponse, isLate: boolean): void {
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  res.write('retry: 500\n\n');
  if (isLate) res.write(change);
  listeners.add(res);
  res.on('close', () => listeners.delete(res));
}

async function answer(
  gallery: Gallery,
  req: IncomingMessage,
  res: ServerResponse,
  seen: number,
): Promise<boolean> {
  if (!req.url?.startsWith(`${base}/`)) return false;
  const found = await gallery(new URL(req.url, 'http://localhost'));
  if (!found) return false;
  // The index stays, so that what was chosen in it does too; what it shows is loaded anew.
  const isView = req.url.startsWith(`${base}/view/`);
  const body = isView ? withReload(String(found.body), seen) : found.body;
  res.writeHead(found.status, found.headers).end(body);
  return true;
}

/** By looking: a change is told on no system alike, and not at all on a mounted disk. */
function watch(folders: readonly string[], changed: () => void): () => void {
  let seen = printOf(folders);
  const timer = setInterval(() => {
    const now = printOf(folders);
    if (now === seen) return;
    seen = now;
    changed();
  }, 250);
  return () => clearInterval(timer);
}

function printOf(folders: readonly string[]): string {
  return folders.flatMap(filesBelow).join('\n');
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const file = join(folder, entry.name);
      if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
      return entry.isDirectory() ? filesBelow(file) : [`${file} ${statSync(file).mtimeMs}`];
    });
  } catch {
    // A file may go while it is looked at; the next look sees what came of it.
    return [];
  }
}

async function close(house: House): Promise<void> {
  await house.end();
}
