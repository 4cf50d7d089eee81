// Lets Node run our TypeScript, with what was done at an earlier start kept. `--import` this.
import module from 'node:module';
import * as hooks from './strip.mjs';

// Newer Node keeps what it compiled, and has hooks within the thread; older Node asks another thread for each module.
module.enableCompileCache?.(hooks.cache);
if (module.registerHooks) module.registerHooks(hooks);
else module.register('./strip.mjs', import.meta.url);
