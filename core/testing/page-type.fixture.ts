// An outside plugin with a kind of page: it loads from elsewhere, alters by itself, and has a sister that is broken.
import type { Outsider } from './outsider.ts';

export const clockFiles: Omit<Outsider, 'id'> = {
  manifest: { enhances: ['website'] },
  plugin: `
import { extensionPoint, type Plugin, Type } from 'rostra/plugin';
import type { PageType as Contract } from 'rostra/website';

const PageType = extensionPoint<Contract>('website.PageType');
const settings = Type.Object({
  city: Type.Union([Type.Literal('12', { title: 'Lyon' }), Type.Literal('34', { title: 'Lille' })]),
  loud: Type.Boolean(),
  title: Type.Optional(Type.String({ maxLength: 9 })),
  key: Type.Optional(Type.String({ 'x-secret': true })),
});
const hour = 60 * 60 * 1000;

const clock: Contract = {
  describe: async () => ({ id: 'bells.clock', name: 'bells.clock.name', summary: 'bells.clock.summary', settings }),
  check: async () => [],
  async part(scope, { settings, isPreview }) {
    const at = scope.now().toISOString();
    const until = new Date(scope.now().getTime() + hour / 4);
    return { view: 'clock', data: { at, isPreview, settings: JSON.stringify(settings) }, until, sourcesOf: ['tower'] };
  },
};
const stranger: Contract = {
  ...clock,
  describe: async () => ({ id: 'people.clock', name: 'x', summary: 'x', settings }),
};
const broken: Contract = { ...clock, describe: () => Promise.reject(new Error('no')) };

const plugin: Plugin = {
  provide(bind) {
    for (const type of [broken, stranger, clock]) bind(PageType, () => type);
  },
  contribute: () => ({ csp: { img: ['https://bells.example'] } }),
};
export default plugin;
`,
  files: {
    'views/site/clock.eta':
      '<p>It is <%= it.at %>, <%= it.isPreview ? "tried" : "out" %>, <%= it.settings %></p>',
    'locales/en.json': words('Clock'),
    'locales/fr.json': words('Horloge'),
  },
};

export const towerFiles: Omit<Outsider, 'id'> = {
  plugin: `
import type { Plugin } from 'rostra/plugin';
const plugin: Plugin = { contribute: () => ({ csp: { formAction: ['https://tower.example'] } }) };
export default plugin;
`,
  files: { 'locales/en.json': '{}', 'locales/fr.json': '{}' },
};

function words(name: string): string {
  return JSON.stringify({
    'bells.plugin.name': name,
    'bells.clock.name': name,
    'bells.clock.summary': name,
    'bells.clock.settings.city': name,
    'bells.clock.settings.loud': name,
    'bells.clock.settings.title': name,
  });
}
