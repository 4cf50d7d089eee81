// A rule on data that nothing here keeps is shown as what it is, for as long as that is true.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { packsFolder } from '../law/own.ts';
import { keptBy } from '../law/rules.ts';
import { type App, makeApp } from '../testing/index.ts';
import { outsider } from '../testing/outsider.ts';
import { bundledManifests } from '../testing/tree.ts';
import { makeLawBook } from './law-map.ts';

const nothing = /Nothing of this kind is kept here/;

async function saidOf(app: App, rule: string): Promise<string> {
  const lines = await makeLawBook(app.house).lines(app.scope());
  return lines.find(({ id }) => id === rule)?.says.join(' ') ?? 'not written';
}

test('of campaign files and the electoral roll the map says that nothing is kept, beside how long it might be', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  for (const rule of ['retention.campaign_file', 'retention.electoral_roll', 'roll.sort']) {
    t.regex(await saidOf(app, rule), nothing, rule);
  }
  t.notRegex(await saidOf(app, 'retention.occasional_contact'), nothing);
  const { body } = await (await app.staff()).get('/admin/law/rules?show=unenforced');
  t.regex(body, /no plugin brings in the electoral roll/);
  t.regex(body, /Rostra makes no file for one election alone/);
});

test('no bundled plugin brings in what the map says is not kept', (t) => {
  const acts = new Set<string>(keptBy.values());
  const asked = bundledManifests().flatMap(({ id, capabilities: { needs = [], uses = [] } = {} }) =>
    [...needs, ...uses].filter((act) => acts.has(act)).map((act) => `${id}: ${act}`),
  );
  t.deepEqual(asked, []);
});

test('it says so no more once a plugin brings in the electoral roll, also while that is off', async (t) => {
  const plugin = outsider(t, {
    id: 'rolls',
    plugin: 'export default { contribute: () => ({}) };\n',
    manifest: { capabilities: { uses: ['import.electoral_roll'] }, initially: 'off' },
    files: {
      'locales/en.json': '{"rolls.plugin.name":"Rolls","rolls.plugin.does":"Reads rolls."}',
      'locales/fr.json': '{"rolls.plugin.name":"Listes","rolls.plugin.does":"Lit les listes."}',
    },
  });
  const app = await makeApp(t, { jurisdiction: 'fr', plugins: [plugin] });
  t.notRegex(await saidOf(app, 'retention.electoral_roll'), nothing);
  t.regex(await saidOf(app, 'retention.campaign_file'), nothing);
});

test('before a rule begins the map is silent on it, and speaks from its first day on', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us', now: '2026-11-30T12:00:00Z' });
  const written = { source: 'Bylaws, sec. 4', asOf: '2026-11-01', basis: 'house', confidence: 'V' };
  const rule = { value: 'P1M', enforce: 'show', from: '2026-12-01', ...written };
  const pack = {
    ...{ id: 'us-party', version: '2026.11.0', extends: ['us'], choosable: true },
    ...{ status: 'reviewed', countries: [], timeZone: 'America/New_York', currency: 'USD' },
    ...{ capabilities: {}, matters: {}, rules: { 'retention.campaign_file': [rule] } },
  };
  const folder = packsFolder(app.house.config);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'us-party.json'), JSON.stringify(pack));
  app.house.packs.reread();
  t.deepEqual([...app.house.packs.faults], []);
  await app.house.verbs.updateOrganization(app.scope(), app.scope().organization.id, {
    jurisdiction: 'us-party',
  });
  t.is(await saidOf(app, 'retention.campaign_file'), 'not written');
  app.clock.set('2026-12-02T12:00:00Z');
  t.regex(await saidOf(app, 'retention.campaign_file'), nothing);
});
