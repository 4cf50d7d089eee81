// On the admin's home: who signed up this week.
import type { Panel } from 'rostra/plugin';
import { countSubmissions } from './submission.sql.ts';

const week = 7 * 24 * 60 * 60 * 1000;

export const homePanel: Panel = {
  slot: 'core.home',
  view: 'home',
  permission: 'website.page.read',
  order: 20,
  async data(scope) {
    const since = new Date(scope.now().getTime() - week);
    return countSubmissions(scope, since);
  },
};
