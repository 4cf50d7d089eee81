import test from 'ava';
import type { Manifest } from './manifest.ts';
import type { Panel } from './plugin.ts';
import { lostPlaces } from './plugin-places.ts';
import { makeApp } from './testing/index.ts';
import { outsider } from './testing/outsider.ts';

const manifest = (id: string, more: Partial<Manifest> = {}): Manifest => ({
  ...{ id, version: '1.0.0', core: '^1.0.0', ...more },
});
const panel = (slot: string): Panel => ({ slot, view: 'box', data: async () => ({}) });

test('a slot of a plugin that is enhanced and not installed is no mistake', (t) => {
  const own = manifest('clubs', { enhances: ['shop'] });
  const given = { panels: [panel('shop.basket'), panel('shops.basket'), panel('core.hom')] };
  const lost = (known: Manifest[]) => lostPlaces(own, given, known).map(({ place }) => place);
  t.deepEqual(lost([own]), ['shops.basket', 'core.hom']);
  const shop = manifest('shop', { slots: ['shop.till'] });
  t.deepEqual(lost([own, shop]), ['shop.basket', 'shops.basket', 'core.hom']);
});

test('what stands nowhere is named among the plugins', async (t) => {
  const plugin = `export default { contribute: () => ({
    panels: [{ slot: 'people.persn', view: 'box', data: async () => ({}) }] }) };`;
  const app = await makeApp(t, { plugins: [outsider(t, { id: 'clubs', plugin })] });
  const { body } = await (await app.staff()).get('/admin/plugins');
  t.regex(body, /the place “people\.persn”, which nothing here offers/);
  t.is(body.match(/which nothing here offers/g)?.length, 1);
});
