import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { root } from '../manifests.ts';
import { checkTheme } from './check.ts';
import { themeJson } from './fixture.ts';

function findings(t: ExecutionContext, files: Record<string, string>): string[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rostra-theme-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const plain = { id: 'plain', folder: '/', manifest: JSON.parse(themeJson('plain')) };
  const found = checkTheme(folder, [plain]);
  t.true(found.every((each) => each.mend.length > 20));
  return found.map(({ code, level, where }) => `${code} ${level} ${where}`);
}

test('plain itself is without findings', (t) => {
  t.deepEqual(checkTheme(path.join(root, 'themes/plain')), []);
});

test('what a theme must not do has a number, a place and a mend', (t) => {
  const json = themeJson('warm');
  const view = (text: string) => findings(t, { 'theme.json': json, 'views/hall/a.eta': text });
  t.deepEqual(view('fine'), []);
  t.deepEqual(view('\n<%~ it.x %>'), ['TH011 error views/hall/a.eta:2']);
  t.deepEqual(view('<p style="x">'), ['TH012 error views/hall/a.eta:1']);
  t.deepEqual(view('<p onclick="x">'), ['TH012 error views/hall/a.eta:1']);
  t.deepEqual(view('<script>x</script>'), ['TH012 error views/hall/a.eta:1']);
  t.deepEqual(view('<script src="/a.js"></script>'), []);
  t.deepEqual(view("<% await import('fs') %>").slice(0, 1), ['TH013 warning views/hall/a.eta:1']);
  t.deepEqual(view('<%= process.env.X %>'), ['TH013 warning views/hall/a.eta:1']);
  t.deepEqual(view('\n<% if (x) { %>'), ['TH010 error views/hall/a.eta']);
});

test('theme.json is checked: shape, version, parent, tokens', (t) => {
  const of = (more: object) => findings(t, { 'theme.json': themeJson('warm', more) });
  t.deepEqual(findings(t, { 'theme.json': '{' }), ['TH001 error theme.json']);
  t.deepEqual(of({ colour: 'red' }), ['TH001 error theme.json']);
  t.deepEqual(of({ core: '^2.0.0' }), ['TH002 error theme.json']);
  t.deepEqual(of({ parent: 'gone' }), ['TH003 error theme.json']);
  t.deepEqual(of({ tokens: { accent: 'red' } }), ['TH005 error theme.json']);
  t.deepEqual(of({ tokens: { ink: '#777777', paper: '#ffffff' } }), ['TH006 warning theme.json']);
});
