import test from 'ava';
import { makeThemes } from './fixture.ts';

const view = `<%= it.date(it.at) %>|<%= it.date('2026-11-24', 'short') %>|<%= it.dateTime(it.at) %>|<%= it.number(1234567.5) %>|<%= it.money(123456, 'EUR') %>|<%= it.money(5000, 'JPY') %>|<%= it.ago(it.at) %>`;

const words = {
  en: [
    'November 24, 2026',
    '11/24/26',
    'November 24, 2026 at 12:30 AM',
    '1,234,567.5',
    '€1,234.56',
    '¥5,000',
    '<time datetime="2026-11-23T23:30:00.000Z" title="November 24, 2026 at 12:30 AM">10 hours ago</time>',
  ],
  fr: [
    '24 novembre 2026',
    '24/11/2026',
    '24 novembre 2026 à 00:30',
    '1 234 567,5',
    '1 234,56 €',
    '5 000 JPY',
    '<time datetime="2026-11-23T23:30:00.000Z" title="24 novembre 2026 à 00:30">il y a 10 heures</time>',
  ],
};

for (const locale of ['en', 'fr'] as const) {
  test(`dates, numbers and money are written as one reads them in ${locale}`, async (t) => {
    const { themes, at } = await makeThemes(t, {
      files: { 'plugins/hall/views/admin/all.eta': view },
    });
    const data = { at: new Date('2026-11-23T23:30:00Z') };
    const request = { surface: 'admin', view: 'hall/all', data, frame: false } as const;
    const drawn = await themes.render({ ...request, scope: at(locale) });
    t.deepEqual(
      drawn.split('|').map((text) => text.replace(/[\u00a0\u202f]/g, ' ')),
      words[locale].map((text) => text.replace('¥5', locale === 'fr' ? '5' : '¥5')),
    );
  });
}

async function draw(t: Parameters<typeof makeThemes>[0], source: string, data: object = {}) {
  const { render, write } = await makeThemes(t, {
    files: { 'plugins/hall/views/site/x.eta': source },
  });
  write('plugins/hall/locales/fr.json', '{}');
  return render('hall/x', data);
}

test('a sentence may hold a link, and nothing else passes through it', async (t) => {
  const { themes, scope, write } = await makeThemes(t, {
    files: {
      'themes/warm/theme.json': '{"id":"warm","name":"w","version":"1.0.0","core":"^1.0.0"}',
      'themes/warm/locales/fr.json': '{"warm.agree":"Lisez <page>la page de {name}</page>."}',
      'plugins/hall/views/site/x.eta':
        "<%= it.rich('warm.agree', { name: it.name }, { page: it.href }) %>",
    },
  });
  write('x', '');
  const draw = (data: object) =>
    themes.render({ scope, surface: 'site', view: 'hall/x', data, frame: false });
  t.is(
    await draw({ name: '<b>Zoé</b>', href: '/donnees' }),
    'Lisez <a href="/donnees">la page de &lt;b&gt;Zoé&lt;/b&gt;</a>.',
  );
  t.is(await draw({ name: 'Zoé', href: 'javascript:x' }), 'Lisez <a href="#">la page de Zoé</a>.');
});

test('attributes that are false or not there are left out, and handlers are refused', async (t) => {
  const source = '<a<%= it.attrs(it.values) %>>';
  const values = { href: '/?a=1&b="2"', hidden: true, title: undefined, disabled: false };
  t.is(await draw(t, source, { values }), '<a href="/?a=1&amp;b=&quot;2&quot;" hidden>');
  await t.throwsAsync(draw(t, source, { values: { onclick: 'x' } }), { message: /'onclick'/ });
  await t.throwsAsync(draw(t, source, { values: { style: 'x' } }), { message: /'style'/ });
});

test('addresses inside the admin keep the chapter, those of the site are absolute', async (t) => {
  t.is(
    await draw(t, `<%= it.admin('/people') %> <%= it.url('/a') %>`),
    '/admin/people https://marais.example/a',
  );
  t.is(await draw(t, `<%= it.may('hall.open') %> <%= it.may('hall.close') %>`), 'true ');
});
