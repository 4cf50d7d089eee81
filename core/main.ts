// What `npm start` runs.
import { StartError } from './database/start-error.ts';
import { keepTick } from './http/tick.ts';

keepTick();
const { run } = await import('./run.ts');

try {
  await run(process.env);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
