// For a test: a worker that sends what waits, to be killed by the mail server at the worst moment.
import type { Config } from '../config.ts';
import { openDatabase } from '../database/connect.ts';
import { takeLease } from '../jobs/lease.ts';
import { makeSilence } from '../law/silence.ts';
import { makeLog } from '../log.ts';
import type { Organizations } from '../organizations/organizations.ts';
import type { Scope } from '../scope.ts';
import { deliverMail } from './deliver.ts';
import { makeMailRefusals } from './refusals.ts';

const [url = '', smtpUrl] = JSON.parse(process.env.KILLED_SENDER ?? '[]') as string[];
const log = makeLog('silent');
const database = openDatabase({ url, log });
const lease = await takeLease({ database, log });
const full = { controller: 'x', address: 'x', publicationDirector: 'x', host: 'x' };
const organization = { id: '1', name: 'Party', legal: { ...full, contact: 'a@parti.example' } };
await deliverMail(
  {
    config: { smtpUrl } as unknown as Config,
    database,
    log,
    organizations: { find: () => undefined } as unknown as Organizations,
    settings: { coreOf: () => ({ theme: 'plain', look: { theme: 'plain' } }) },
    lease: async () => lease,
    silence: makeSilence(() => []),
    refusals: makeMailRefusals(() => []),
  },
  { organization, now: () => new Date('2099-01-01') } as unknown as Scope,
);
