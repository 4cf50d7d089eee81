// For the tests of the admin: small plugins in folders of their own.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Test } from '../testing/index.ts';

const code = `import { permit, router } from 'rostra/plugin';
const staff = router();
staff.get('/', permit('PLUGIN.page.read'), (ctx) => { ctx.body = 'hello'; });
export default {
  contribute: () => ({
    admin: staff,
    nav: [{ section: 'people', label: 'PLUGIN.plugin.name', href: '/admin/PLUGIN', permission: 'PLUGIN.page.read' }],
  }),
};
`;

/** Answers the folder of a plugin with one page, which goes when the test ends. */
export function makePlugin(t: Test, id: string, needs: string[] = []): string {
  const folder = mkdtempSync(path.join(tmpdir(), `rostra-${id}-`));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const words = { [`${id}.plugin.name`]: `The ${id}`, [`${id}.plugin.does`]: `It is a ${id}.` };
  write(folder, 'package.json', { name: id, type: 'module' });
  write(folder, 'plugin.json', {
    id,
    version: '1.0.0',
    core: '^1.0.0',
    capabilities: { needs },
    permissions: { [`${id}.page.read`]: `${id}.plugin.name` },
    initially: 'on',
  });
  for (const locale of ['en', 'fr']) write(folder, `locales/${locale}.json`, words);
  mkdirSync(path.join(folder, 'migrations'));
  writeFileSync(path.join(folder, 'plugin.ts'), code.replaceAll('PLUGIN', id));
  return folder;
}

function write(folder: string, name: string, content: object): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
}
