#!/usr/bin/env node
// The `rostra` command: TypeScript without a build.
import './typescript.mjs';

await import('./cli.ts');
