#!/usr/bin/env node
// The `rostra` command: TypeScript without a build.
import 'tsx';

await import('./cli.ts');
