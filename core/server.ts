// The whole server: the core, its pages, the worker and the listening socket; started in order, stopped in reverse.
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSetupLink } from './accounts/link.ts';
import { type AssembleOptions, assemble, type House } from './assemble.ts';
import { startSealing } from './audit/audit.ts';
import type { Config } from './config.ts';
import { StartError } from './database/start-error.ts';
import { makeHttp } from './http/app.ts';
import { makeServer } from './http/listen.ts';
import { sweepUploads, uploadFolder } from './http/upload.ts';
import { makeParts } from './pages.ts';
import { answersFrom, setUp } from './setup/setup.ts';

export interface RunningServer {
  readonly house: House;
  /** Where it listens. */
  readonly url: string;
  /** What the terminal shows: at most four lines. */
  readonly welcome: string[];
  stop(): Promise<void>;
}

export async function startServer(
  config: Config,
  options: AssembleOptions,
): Promise<RunningServer> {
  const house = await assemble(config, options);
  const stops: (() => Promise<unknown>)[] = [() => house.close(), () => house.registry.stop()];
  try {
    await house.loadPlugins();
    await setUpWithoutHands(house);
    await house.jobs.start();
    stops.push(() => house.jobs.stop());
    if (config.role !== 'web') stops.push(startSealing(house));
    const listening = config.role === 'worker' ? undefined : await listen(house);
    if (listening) stops.push(listening.stop);
    const url = listening?.url ?? config.url;
    const welcome = await welcomeOf(house, url);
    return { house, url, welcome, stop: () => stopAll(stops, house) };
  } catch (error) {
    await stopAll(stops, house);
    throw error;
  }
}

async function stopAll(stops: (() => Promise<unknown>)[], { log }: House): Promise<void> {
  for (const stop of stops.splice(0).reverse()) {
    await stop().catch((error: unknown) => log.error({ err: error }, 'stopping failed'));
  }
}

async function setUpWithoutHands(house: House): Promise<void> {
  if (house.organizations.root()) return;
  const answers = answersFrom(house.config.setup, house.packs);
  if (answers) await setUp(house, answers);
}

async function listen(house: House): Promise<{ url: string; stop: () => Promise<void> }> {
  const stopSweeping = await startSweeping(house);
  const http = makeHttp(house, makeParts(house));
  const server = makeServer(http.handle);
  await bind(server, house.config);
  const { port } = server.address() as AddressInfo;
  return {
    url: house.config.port === 0 ? `http://localhost:${port}` : house.config.url,
    stop: () => {
      http.drain();
      stopSweeping();
      return closeServer(server);
    },
  };
}

const hour = 60 * 60 * 1000;

/** With a database of its own nobody else receives files here; beside others only what no request can still hold goes. */
async function startSweeping({ config, clock }: House): Promise<() => void> {
  const folder = uploadFolder(config.data);
  const hourAgo = () => new Date(clock.now().getTime() - hour);
  await sweepUploads(folder, config.databaseUrl ? hourAgo() : clock.now());
  const timer = setInterval(() => sweepUploads(folder, hourAgo()).catch(() => {}), hour);
  timer.unref();
  return () => clearInterval(timer);
}

function bind(server: HttpServer, { host, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(sentenceOf(error, host, port)));
    server.listen(port, host, () => resolve());
  });
}

function sentenceOf(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new StartError(
      `Port ${port} is taken by another program: stop that one, or give Rostra another with PORT=${port + 1}.`,
    );
  }
  if (error.code === 'EACCES') {
    return new StartError(
      `This user may not listen on port ${port}: choose one above 1023 with PORT.`,
    );
  }
  return new StartError(
    `Rostra cannot listen on ${host}:${port} (${error.code}): check HOST and PORT.`,
  );
}

/** Open requests end; lines that are merely kept open are cut. */
function closeServer(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 5_000).unref();
  });
}

/** A worker makes none: the newest link alone opens, and that of the pages' process is looked for. */
async function setupDoor(house: House, url: string): Promise<string> {
  const { config } = house;
  if (config.role === 'worker') return 'The link to set up the party is told by the web process.';
  const link = await createSetupLink({ ...house, config: { ...config, url } });
  return `Set up your party, once and within the hour, at ${link}`;
}

async function welcomeOf(house: House, url: string): Promise<string[]> {
  const { config } = house;
  const place = config.databaseUrl
    ? 'its data lies in the database of DATABASE_URL'
    : `its data lies in ${config.data}`;
  const root = house.organizations.root();
  const door = root ? `${root.name}: the admin is at ${url}/admin.` : await setupDoor(house, url);
  const mail = config.smtpUrl
    ? 'Mail leaves through the server of SMTP_URL.'
    : `Until a mail server is set, every message waits in ${url}/admin/outbox.`;
  return [`Rostra is ready at ${url}; ${place}.`, door, mail, 'Stop it with Ctrl-C.'];
}
