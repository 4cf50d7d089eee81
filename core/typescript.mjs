// Lets Node run our TypeScript, with what was done at an earlier start kept. `--import` this.
import module from 'node:module';

// Newer Node has hooks within the thread; older Node asks another thread for each module.
if (module.registerHooks) module.registerHooks(await import('./strip.mjs'));
else module.register('./strip.mjs', import.meta.url);
