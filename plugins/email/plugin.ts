// Email: newsletters that go out as letters by e-mail. A table of contents.
import { OutreachChannel } from 'rostra/outreach';
import type { Plugin } from 'rostra/plugin';
import { makeChannel } from './channel.ts';
import { depsOf } from './deps.ts';
import { adminRoutes } from './routes/admin.ts';

const plugin: Plugin = {
  provide(bind) {
    bind(OutreachChannel, (get) => makeChannel(depsOf(get)));
  },
  contribute: (get) => ({ admin: adminRoutes(depsOf(get)) }),
};
export default plugin;
