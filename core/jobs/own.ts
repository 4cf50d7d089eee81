// The core's own jobs.
import { tidyAccounts } from '../accounts/tidy.ts';
import { backupJobs } from '../backup/nightly.ts';
import type { Core } from '../core.ts';
import { type DeliverDeps, deliverMail } from '../mail/deliver.ts';
import { domainJob } from '../mail/domain.ts';
import { findOrganizationsToServe } from '../mail/mail.sql.ts';
import { deliverJob } from '../mail/mail.ts';
import type { Audit } from '../services.ts';
import { forgetJob } from '../subjects.ts';
import { addJob } from './jobs.sql.ts';
import type { OwnJob } from './jobs.ts';
import { jobTask } from './task.ts';

export interface OwnJobsDeps extends DeliverDeps, Pick<Core, 'organizations' | 'registry'> {
  /** The core's audit. */
  audit: Audit;
}

export function makeOwnJobs(deps: OwnJobsDeps): OwnJob[] {
  const deliver = jobTask('core', deliverJob);
  return [
    {
      name: deliverJob,
      run: async (scope) => {
        await deliverMail(deps, scope);
      },
    },
    {
      // What was put off, and what waited for a server or a legal identity.
      name: 'deliver-waiting-mail',
      cron: '* * * * *',
      once: true,
      maxAttempts: 1,
      async run(scope) {
        const { db } = deps.database;
        for (const organizationId of await findOrganizationsToServe(db, scope.now())) {
          await addJob(db, deliver, { organizationId }, { key: `${deliver}:${organizationId}` });
        }
      },
    },
    domainJob(deps),
    ...backupJobs(deps),
    forgetJob(deps, deps.audit),
    {
      name: 'tidy',
      cron: '31 3 * * *',
      once: true,
      async run(scope) {
        await tidyAccounts(scope);
      },
    },
  ];
}
