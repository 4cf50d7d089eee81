// A process that holds the built-in PostgreSQL until it is told to stop or is killed: for tests of what it leaves behind.
import { startEmbedded } from '../database/embedded.ts';
import { StartError } from '../database/start-error.ts';
import { makeLog } from '../log.ts';

const [data = '', owner] = process.argv.slice(2);
try {
  const log = makeLog('silent');
  const embedded = await startEmbedded({ data, log, owner: owner !== 'beside' });
  await embedded.onDisk;
  process.send?.({ url: embedded.url, owned: embedded.owned });
  process.once('message', async () => {
    await embedded.stop();
    process.disconnect();
  });
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.send?.({ refused: error.message });
  process.disconnect();
}
