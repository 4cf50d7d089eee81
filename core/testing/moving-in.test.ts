// Moving in from NationBuilder as docs/moving-in.md tells it, in a real browser, with the server killed in the middle.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { IntlMessageFormat } from 'intl-messageformat';
import pg from 'pg';
import { nationBuilderSample } from '../../plugins/people/samples/nationbuilder.ts';
import { startEmbedded } from '../database/embedded.ts';
import { makeLog } from '../log.ts';
import { root } from '../manifests.ts';
import { type Browser, openBrowser } from './browser.ts';
import { freePort } from './port.ts';
import { bare, makeDataFolder, query, type Running, startProgram } from './program.ts';

const sentences: Record<string, string> = {
  ...read('core/setup/locales/en.json'),
  ...read('plugins/people/locales/en.json'),
};
const file = join(root, 'plugins/people/samples/nationbuilder-people-export.csv');
const { truth } = nationBuilderSample();
const refused = Object.values(truth.refused).reduce((sum, count) => sum + count, 0);

function read(path: string): Record<string, string> {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

function say(key: string, params: Record<string, number> = {}): string {
  const text = sentences[key];
  if (text === undefined) throw new Error(`There is no sentence ${key}.`);
  return String(new IntlMessageFormat(text, 'en').format(params));
}

const counts = {
  ...{ rows: truth.rows, twins: truth.twins, unsubscribed: truth.unsubscribed },
  ...{ doNotContact: truth.doNotContact, doNotCall: truth.doNotCall, dead: truth.dead },
  ...{ stopped: truth.stopped.length, optIns: truth.optIns },
};
const reasons = {
  ...{ email: 'people.fault.email', phone: 'people.fault.phone', nobody: 'people.fault.nobody' },
  ...{ birthDate: 'people.fault.birth-date', country: 'people.fault.country' },
  ...{ cells: 'people.import.fault.cells', otherName: 'people.import.fault.other-name' },
};

/** What the page of the dry run must say, line by line. */
function promised(): string[] {
  const told = Object.entries(counts).map(([name, count]) =>
    say(`people.import.count.${name}`, { count }),
  );
  const why = Object.entries(truth.refused).map(([fault, count]) => {
    const reason = say(reasons[fault as keyof typeof reasons]);
    return `${count}: ${reason}`;
  });
  return [...told, ...why];
}

test('the docs promise what is in the file', (t) => {
  const docs = readFileSync(join(root, 'docs/moving-in.md'), 'utf8');
  const lines = [
    ...promised(),
    say('people.import.count.created', { count: truth.people }),
    say('people.import.count.refusedRows', { count: refused }),
  ];
  t.deepEqual(
    lines.filter((line) => !docs.includes(line)),
    [],
  );
});

async function look(t: ExecutionContext, browser: Browser, name: string): Promise<void> {
  await browser.page.waitForLoadState('load');
  t.deepEqual(await browser.violations(), [], `${name}: axe`);
  t.is(await browser.overflow(), 0, `${name}: wider than a telephone`);
  t.deepEqual(browser.complaints, [], `${name}: console`);
  await browser.shot(`moving-in-${name}`);
}

async function setUp({ page }: Browser, server: Running): Promise<void> {
  const link = /http:\S+\/setup\/\S+/.exec(server.lines().join('\n'))?.[0] ?? '';
  await page.goto(link);
  await page.selectOption('[name=jurisdiction]', 'fr');
  await page.selectOption('[name=locale]', 'en');
  const answers = { party: 'Parti de la Loire', name: 'Zoé Martin', email: 'zoe@example.org' };
  for (const [name, value] of Object.entries(answers)) await page.fill(`[name=${name}]`, value);
  await page.fill('[name=password]', 'quatre mots sans rapport');
  await page.check('[name=acknowledged]');
  await page.getByRole('button', { name: say('setup.open') }).click();
  await page.waitForURL('**/admin');
}

/** To the page on which the dry run says what it found. */
async function upload(t: ExecutionContext, browser: Browser, url: string): Promise<string> {
  const { page } = browser;
  await page.goto(`${url}/admin/people/import`);
  await look(t, browser, 'file');
  await page.setInputFiles('[name=file]', file);
  await page.getByRole('button', { name: say('people.import.look') }).click();
  await page.getByText(say('people.import.nationbuilder')).waitFor();
  await look(t, browser, 'columns');
  await page.fill('[name=origin]', 'Our NationBuilder, exported on 20 November');
  await page.check('[name=lawful]');
  await page.getByRole('button', { name: say('people.import.look-through') }).click();
  await page.getByRole('heading', { name: say('people.import.check.title') }).waitFor();
  await look(t, browser, 'dry-run');
  return page.locator('main').innerText();
}

/** The number on a tile of the page. */
async function tile({ page }: Browser, label: string): Promise<number> {
  const text = await page
    .locator('.tiles > *', { hasText: say(label) })
    .first()
    .innerText();
  return Number(text.replace(say(label), '').replace(/\D/g, ''));
}

/** Holds what the run waits for, so that it is in the middle when the server is killed; reads on when it is. */
async function holdImports(data: string) {
  const { url } = await startEmbedded({ data, log: makeLog('silent'), owner: false });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`select pg_advisory_lock(hashtext('people.import'))`);
  return {
    ask: async (sql: string) => (await client.query(sql)).rows,
    letGo: () => client.end(),
  };
}

async function untilItWaits(data: string): Promise<void> {
  const waiting = `select 1 from pg_locks where locktype = 'advisory' and not granted
    and objid = (hashtext('people.import')::bigint & 4294967295)::oid`;
  for (let tries = 0; (await query(data, waiting)).length === 0; tries += 1) {
    if (tries > 2_000) throw new Error('The import does not run.');
    await wait(100);
  }
}

test('the shipped export comes in through the browser, and a server killed in the middle goes on', async (t) => {
  t.timeout(15 * 60_000);
  const data = makeDataFolder(t);
  const PORT = String(await freePort());
  const server = await startProgram(t, data, { ...bare, PORT });
  const browser = await openBrowser(t, { locale: 'en-US' });
  const { page } = browser;
  page.setDefaultTimeout(4 * 60_000);
  await setUp(browser, server);

  const said = await upload(t, browser, server.url);
  t.deepEqual(
    promised().filter((line) => !said.includes(line)),
    [],
  );
  t.is(await tile(browser, 'people.import.made'), truth.people);
  t.is(await tile(browser, 'people.import.unchanged'), 0);
  t.is(await tile(browser, 'people.import.refused'), refused);

  const held = await holdImports(data);
  const { pathname } = new URL(page.url());
  await page.locator(`form[action="${pathname}/run"] button`).click();
  await page.getByText(say('people.import.leave')).waitFor();
  await untilItWaits(data);
  server.signal('SIGKILL');
  await server.ended;
  const middle =
    'select state, (select count(*)::int from people.person) as people from people.import';
  t.deepEqual(await held.ask(middle), [{ state: 'running', people: 0 }]);
  await held.letGo();

  await startProgram(t, data, { ...bare, PORT });
  // The page that was cut off complains of a server that did not answer: rightly.
  browser.complaints.length = 0;
  const result = say('people.import.result', {
    ...{ rows: truth.rows, createdPeople: truth.people, updatedPeople: 0, refusedRows: refused },
  });
  for (let tries = 0; (await page.getByText(result).count()) === 0; tries += 1) {
    if (tries > 240) throw new Error(await page.locator('main').innerText());
    await wait(1_000);
    await page.reload();
  }
  await look(t, browser, 'result');
  const people = await query(data, 'select count(*)::int as count from people.person');
  t.deepEqual(people, [{ count: truth.people }]);
  const stopped = truth.stopped.map(
    ({ kind, address }) => `people.is_suppressed('${kind}', '${address}')`,
  );
  const [free] = await query(
    data,
    `select array_position(array[${stopped.join(',')}], false) as at`,
  );
  t.deepEqual(free, { at: null });

  await upload(t, browser, server.url);
  t.is(await tile(browser, 'people.import.made'), 0);
  t.is(await tile(browser, 'people.import.filled'), 0);
  t.is(await tile(browser, 'people.import.unchanged'), truth.people);
});
