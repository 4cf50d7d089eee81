// For the tests: the adapter that speaks to Twilio, as an outside plugin that has it speak to its peer on loopback.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ends } from './loopback.ts';

const adapter = JSON.stringify(join(import.meta.dirname, 'twilio.ts'));

export function twilioPlugin(t: Ends, url: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'rostra-twilio-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const files = {
    'package.json': '{"type":"module"}',
    'plugin.json':
      '{"id":"loopback","version":"1.0.0","core":"^1.0.0","requires":["people","outreach","sms"]}',
    'plugin.ts': `import { Fetch } from 'rostra/plugin';
import { SmsGateway } from 'rostra/sms';
import { makeTwilio } from ${adapter};
const called = { id: 'twilio-loopback', name: 'loopback.gateway.twilio-loopback' };
export default {
  provide: (bind) => bind(SmsGateway, (get) => {
    const twilio = makeTwilio(get(Fetch), ${JSON.stringify(url)});
    return { ...twilio, describe: async (scope) => ({ ...(await twilio.describe(scope)), ...called }) };
  }),
  contribute: () => ({}),
};
`,
    'locales/en.json': wordsIn('en'),
    'locales/fr.json': wordsIn('fr'),
  };
  mkdirSync(join(folder, 'locales'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function wordsIn(locale: string): string {
  const file = join(import.meta.dirname, `../locales/${locale}.json`);
  const before = 'sms.gateway.twilio';
  const own = Object.entries<string>(JSON.parse(readFileSync(file, 'utf8')))
    .filter(([key]) => key.startsWith(`${before}.`))
    .map(([key, words]) => [key.replace(before, 'loopback.gateway.twilio-loopback'), words]);
  const named = ['loopback.gateway.twilio-loopback', 'Twilio on loopback'];
  return JSON.stringify(Object.fromEntries([named, ...own]));
}
