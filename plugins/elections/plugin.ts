// The election calendar: elections and their rounds, from which the law's silence follows. A table of contents.
import { ElectionCalendar, type Plugin } from 'rostra/plugin';
import { depsOf } from './deps.ts';
import { calendar } from './election.ts';
import { nextPanel } from './home.ts';
import { adminRoutes } from './routes/admin.ts';

const plugin: Plugin = {
  provide(bind) {
    bind(ElectionCalendar, () => calendar);
  },
  contribute(get) {
    const deps = depsOf(get);
    return {
      admin: adminRoutes(deps),
      nav: [
        {
          section: 'law',
          label: 'elections.title',
          href: '/admin/elections',
          permission: 'elections.election.read',
          order: 20,
        },
      ],
      panels: [nextPanel(deps)],
    };
  },
};
export default plugin;
