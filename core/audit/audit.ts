// The audit trail: who did what to whose data, chained so that nothing can be taken out unseen.
import { randomBytes } from 'node:crypto';
import type { Core } from '../core.ts';
import type { Actor } from '../scope.ts';
import type { Audit } from '../services.ts';
import { insertAudit } from './audit.sql.ts';
import { detailDigest, plain } from './chain.ts';
import { sealAudit } from './seal.ts';

const saltBytes = 16;

export function makeAudit(): (plugin: string) => Audit {
  return (plugin) => ({
    async record(scope, entry) {
      const isPerson = entry.subject?.type === 'person';
      const details = plain(entry.details);
      const actorName = nameOf(scope.actor);
      const salt = randomBytes(saltBytes);
      await scope.write((own) =>
        insertAudit(own.db, {
          organizationId: scope.organization.id,
          at: scope.now(),
          plugin,
          act: `${plugin}.${entry.act}`,
          actorKind: scope.actor.kind,
          actorId: idOf(scope.actor),
          subjectType: entry.subject?.type,
          // A person's id stands beside the chain, so that it can go.
          subjectId: isPerson ? undefined : entry.subject?.id,
          personId: entry.personId ?? (isPerson ? entry.subject?.id : undefined),
          actorName,
          details,
          salt,
          detailDigest: detailDigest(salt, { actorName, details }),
        }),
      );
    },
  });
}

function idOf(actor: Actor): string | undefined {
  if (actor.kind === 'staff') return actor.accountId;
  return actor.kind === 'system' ? actor.name : undefined;
}

function nameOf(actor: Actor): string | undefined {
  return actor.kind === 'staff' ? actor.name : undefined;
}

/** Seals what was written since, every few seconds, on a process that works; answers how to stop it. */
export function startSealing(
  { database, clock, log }: Pick<Core, 'database' | 'clock' | 'log'>,
  every = 5_000,
): () => Promise<void> {
  let sealing: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    sealing = sealAudit(database.db, clock.now()).catch((error: Error) => {
      log.error({ error: error.name }, 'the audit trail could not be sealed');
    });
  }, every);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await sealing;
  };
}
