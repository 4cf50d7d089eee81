// `rostra theme` as a designer runs it.
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { openBrowser } from '../testing/browser.ts';
import { makeDataFolder, runProgram, startCommand, withoutHands } from '../testing/program.ts';

const manifest = { id: 'marsh', name: 'Marsh', version: '1.0.0', core: '^1.0.0' };
const rostra = ['--import', './core/typescript.mjs', 'core/cli.ts', 'theme'];

function makeTheme(t: ExecutionContext, files: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'rostra-marsh-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const all = { 'theme.json': JSON.stringify(manifest), ...files };
  for (const [file, text] of Object.entries(all)) write(file, text);
  return { folder, write };
}

test.serial('a theme is checked by drawing every view in it, without a database', async (t) => {
  t.timeout(300_000);
  const { folder, write } = makeTheme(t, { 'assets/theme.css': 'h1 { color: red }' });
  const check = () => runProgram(t, [...rostra, 'check', folder], { data: makeDataFolder(t) });
  const sound = await check();
  t.is(sound.out, `${folder} is sound.\n`, sound.err);
  write('views/website/post.eta', '<h1><%= it.page.title %></h1>\n<%= it.page.author.name %>');
  write('partials/menu.eta', '<p><%= it.t("marsh.gone") %></p>');
  const { code, out } = await check();
  t.is(code, 1);
  t.regex(out, /^error TH014 views\/website\/post\.eta:2: website\/post, usual: Cannot read/m);
  t.regex(out, /^warning TH016 locales\/fr\.json: marsh\.gone: no such sentence/m);
});

test.serial('a changed file of the theme shows in the open page by itself', async (t) => {
  t.timeout(300_000);
  const { folder, write } = makeTheme(t, { 'assets/theme.css': 'h1 { text-indent: 1px }' });
  const data = makeDataFolder(t);
  const setUp = [...rostra.slice(0, -1), 'setup'];
  t.is((await runProgram(t, setUp, { data, ...withoutHands })).code, 0);
  const args = [...rostra, 'dev', folder, '--port', '0'];
  const spoken = /(http:\/\/localhost:\d+)(\/\w+)\/\n/;
  const [, url = '', base = ''] = await startCommand(t, args, { data }, spoken);
  const { page, complaints, violations } = await openBrowser(t, { width: 1440 });
  const indented = async (size: string) => {
    const asked = `getComputedStyle(document.querySelector('h1')).textIndent`;
    for (let waited = 0; waited < 30_000; waited += 100) {
      // While the page is loaded anew it answers nothing.
      if ((await page.evaluate(asked).catch(() => '')) === size) return true;
      await wait(100);
    }
    return false;
  };

  // The party's own site, in a theme that it has not chosen.
  await page.goto(`${url}/`);
  t.true(await indented('1px'));
  write('assets/theme.css', 'h1 { text-indent: 2px }');
  t.true(await indented('2px'));

  await page.goto(`${url}${base}/view/website/post?locale=fr`);
  t.true(await indented('2px'));
  // As editors save: a new file takes the place of the old one.
  write('views/website/post.eta.new', '<h1>Neuf</h1>');
  renameSync(join(folder, 'views/website/post.eta.new'), join(folder, 'views/website/post.eta'));
  await page.waitForSelector('h1:text("Neuf")');
  write('views/website/post.eta', '<h1><%= it.page.author.name %></h1>');
  await page.waitForSelector('pre:text("post.eta:1")');
  write('views/website/post.eta', '<h1>De retour</h1>');
  await page.waitForSelector('h1:text("De retour")');

  await page.goto(`${url}${base}/?locale=fr`);
  t.is(await page.title(), 'Thème «\u00a0marsh\u00a0»');
  t.deepEqual(await violations(), []);
  t.deepEqual(
    complaints.filter((one) => !/status of 500/.test(one)),
    [],
  );
});
