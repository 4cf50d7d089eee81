// The theme of docs/theme-designer.md, written to a folder as a reader would and put on a real site.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { makeApp } from '../testing/app.ts';
import { writeFiles } from '../testing/outsider.ts';
import { read } from '../testing/tree.ts';

test('the theme that the docs tell how to make is one: it dresses a site, and its child too', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rostra-docs-theme-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  writeFiles(folder, filesIn(read('docs/theme-designer.md')));
  const app = await makeApp(t, { themes: [folder] });
  const themes = app.house.themes.list().filter(({ id }) => id.startsWith('marsh'));
  t.deepEqual(
    themes.map(({ id, parent, findings, fault }) => ({ id, parent, findings, fault })),
    [
      { id: 'marsh', parent: 'plain', findings: [], fault: undefined },
      { id: 'marsh-youth', parent: 'marsh', findings: [], fault: undefined },
    ],
  );

  const staff = await app.staff();
  const choose = async (theme: string) => {
    const { body } = await staff.get('/admin/settings');
    const revision = /name="revision"[^>]*value="(\d+)"/.exec(body)?.[1] ?? '0';
    t.is((await staff.post('/admin/settings', { theme, revision })).status, 303);
  };
  await app.visitor().get('/');
  const post = { title: 'The dike holds', summary: '', body: '<p>It does.</p>', when: 'now' };
  t.is((await staff.post('/admin/website/pages/new?kind=post', post)).status, 303);
  await choose('marsh');
  const href = /href="(\/news\/[^"]+)"/.exec((await app.visitor().get('/news')).body)?.[1] ?? '';
  const page = (await app.visitor().get(href)).body;
  t.regex(
    page,
    /<p class="stamp"><time datetime="2026-11-24T10:00:00.000Z">Out since November 24, 2026</,
  );
  t.regex(page, /More news/);
  t.true((await stylesheets(page)).includes('.stamp'));
  t.regex(await stylesheets(page), /--accent: #0b6b4f/);

  await choose('marsh-youth');
  const child = (await app.visitor().get(href)).body;
  t.regex(child, /class="stamp"/);
  t.regex(await stylesheets(child), /--accent: #c2410c/);

  async function stylesheets(html: string): Promise<string> {
    const links = [...html.matchAll(/rel="stylesheet" href="([^"]+)"/g)].map(([, one = '']) => one);
    t.true(links.length > 1);
    const sheets = await Promise.all(links.map((one) => app.visitor().get(one)));
    return sheets.map(({ body }) => body).join('\n');
  }
});

/** A block of code below a line with the file's name. */
function filesIn(page: string): Record<string, string> {
  const blocks = page.matchAll(/^\*\*`([^`]+)`\*\*\n\n```\w+\n(.*?\n)```$/gms);
  return Object.fromEntries([...blocks].map(([, file = '', text = '']) => [file, text]));
}
