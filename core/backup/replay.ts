// After the rows are there: brought up to date, cleaned of who was erased since, and kept from sending twice.
import { closeLinks } from '../accounts/link.sql.ts';
import { deleteSessions } from '../accounts/session.sql.ts';
import { assemble, type House } from '../assemble.ts';
import { StartError } from '../database/start-error.ts';
import { AppError } from '../errors.ts';
import type { Scope } from '../scope.ts';
import { forgetBackups, holdMails } from './backup.sql.ts';
import { erasedSince, readErasures } from './erasures.ts';
import type { Manifest } from './format.ts';
import type { RestoreRequest } from './restore.ts';

export interface Replayed {
  /** People who were erased again. */
  erased: number;
  /** Messages whose fate is not known. */
  held: number;
  /** What still has to be done by hand, a sentence each. */
  remarks: string[];
}

/** What was under way while the snapshot was taken counts as later. */
const slack = 60 * 60 * 1000;

export async function replay(request: RestoreRequest & { manifest: Manifest }): Promise<Replayed> {
  const { config, log, clock, manifest } = request;
  const house = await assemble(config, { log, clock, owner: false, restoring: true });
  try {
    await house.loadPlugins();
    await closeDoors(house);
    const root = house.organizations.root();
    if (!root) return { erased: 0, held: 0, remarks: [] };
    const actor = { kind: 'system', name: 'restore' } as const;
    const scope = house.scopes.make({ organizationId: root.id, actor });
    const faulty = house.registry.all().filter(({ state }) => state === 'faulty');
    const remarks = faulty.map(
      ({ manifest: { id }, fault }) => `The plugin ${id} is faulty: ${fault}`,
    );
    const erased = await eraseAgain(house, scope, request, remarks);
    await forgetBackups(house.database.db);
    const held = request.isMove ? 0 : await hold(house, scope, manifest.takenAt);
    await house.audit.record(scope, {
      act: 'backup.restored',
      details: { takenAt: manifest.takenAt, erased, held },
    });
    return { erased, held, remarks };
  } finally {
    await house.registry.stop();
    await house.jobs.stop();
    await house.close();
  }
}

/** Which of them was closed since, by a log-out or a new password, nobody here can know. */
async function closeDoors({ database }: House): Promise<void> {
  await deleteSessions(database.db);
  await closeLinks(database.db);
}

async function eraseAgain(
  house: House,
  scope: Scope,
  { manifest, erasures }: RestoreRequest & { manifest: Manifest },
  remarks: string[],
): Promise<number> {
  const journal = (await Promise.all(erasures.map(readErasures))).flat();
  journal.sort((a, b) => a.at.getTime() - b.at.getTime());
  const since = new Date(new Date(manifest.takenAt).getTime() - slack);
  const people = erasedSince(journal, since);
  if (people.length > 0 && remarks[0]) {
    throw new StartError(`People were erased since and cannot be erased again. ${remarks[0]}`);
  }
  for (const personId of people) {
    try {
      const { waitingFor } = await house.subjects.erase(scope, personId);
      if (waitingFor.length === 0) continue;
      remarks.push(`The erasure of person ${personId} waits for: ${waitingFor.join(', ')}.`);
    } catch (error) {
      // Came after the backup, so is not in it.
      if (!(error instanceof AppError) || error.status !== 404) throw error;
    }
  }
  return people.length;
}

/** The core's messages, and in each organization what its plugins were about to send. */
async function hold(house: House, scope: Scope, takenAt: string): Promise<number> {
  for (const { id: organizationId } of house.organizations.all()) {
    const own = house.scopes.at(scope, organizationId);
    await house.events.emit(own, 'core.organization.restored', { organizationId, takenAt });
  }
  return scope.write((own) => holdMails(own.db, own.now()));
}
