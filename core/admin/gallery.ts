// The gallery: every component in all its states, for who draws a page and for the accessibility check.
import { readFileSync } from 'node:fs';
import { permit, type Router, router } from '../http/context.ts';
import type { Scope } from '../scope.ts';

const day = 24 * 3600 * 1000;
const signs = /<symbol id="([a-z-]+)"/g;

/** Mounted at `/admin/gallery`. */
export function adminGallery(): Router {
  const routes = router();
  routes.get('/', permit('core.settings.manage'), (ctx) =>
    ctx.render('admin/gallery', gallery(ctx.scope)),
  );
  return routes;
}

export function gallery(scope: Scope) {
  const lately = new Date(scope.now().getTime() - 2 * day);
  const values = [12, 18, 9, 22, 31, 28, 44, 39, 52, 47, 61, 73];
  const points = values.map((value, month) => ({ label: monthName(scope.locale, month), value }));
  return {
    title: scope.t('admin.gallery.title'),
    lately,
    before: new Date(scope.now().getTime() - 40 * day),
    rows: sampleRows(scope, lately),
    points,
    moneyPoints: points.map(({ label, value }) => ({ label, value: value * 25_000 })),
    icons: iconNames(),
  };
}

function sampleRows(scope: Scope, lately: Date) {
  const member = { badge: scope.t('admin.gallery.badge.member'), tone: 'done' };
  const contact = { badge: scope.t('admin.gallery.badge.contact') };
  const row = (id: string, name: string, relation: object, minor?: number) => ({
    id,
    href: '#table',
    cells: {
      name,
      relation,
      gift: minor === undefined ? undefined : { minor, currency: 'EUR' },
      seen: lately,
    },
  });
  return [
    row('1', 'Amina Benali', member, 12_000),
    row('2', 'Camille Dupont', contact),
    row('3', 'Élodie Marchand-Lefebvre', member, 250_050),
    row('4', 'Jean-Baptiste Okonkwo', contact, 2_500),
  ];
}

function monthName(locale: string, month: number): string {
  const format = new Intl.DateTimeFormat(locale, { month: 'short', timeZone: 'UTC' });
  return format.format(new Date(Date.UTC(2026, month, 1)));
}

function iconNames(): string[] {
  const file = readFileSync(new URL('./assets/icons.svg', import.meta.url), 'utf8');
  return [...file.matchAll(signs)].map(([, name = '']) => name);
}
