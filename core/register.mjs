// Installs the resolve hook, once, before any plugin is imported.
import { register } from 'node:module';

register('./resolve.mjs', import.meta.url);
