// After the rows are there: brought up to date, cleaned of who was erased since, and kept from sending twice.
import { closeLinks } from '../accounts/link.sql.ts';
import { deleteSessions } from '../accounts/session.sql.ts';
import { revokeTokens } from '../accounts/token.sql.ts';
import { assemble, type House } from '../assemble.ts';
import { StartError } from '../database/start-error.ts';
import { AppError } from '../errors.ts';
import type { Scope } from '../scope.ts';
import { sayNo } from '../subjects.ts';
import { forgetBackups, holdMails } from './backup.sql.ts';
import { type Erasure, erasedSince, noesSince, readErasures } from './erasures.ts';
import type { Manifest } from './format.ts';
import type { RestoreRequest } from './restore.ts';

export interface Replayed {
  /** People who were erased again. */
  erased: number;
  /** Times that somebody said no, done again. */
  noes: number;
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
    if (!root) return { erased: 0, noes: 0, held: 0, remarks: [] };
    const actor = { kind: 'system', name: 'restore' } as const;
    const scope = house.scopes.make({ organizationId: root.id, actor });
    const faulty = house.registry.all().filter(({ state }) => state === 'faulty');
    const remarks = faulty.map(
      ({ manifest: { id }, fault }) => `The plugin ${id} is faulty: ${fault}`,
    );
    const journal = await journalSince(request);
    const erased = await eraseAgain(house, scope, journal, remarks);
    const noes = await sayNoAgain(house, scope, journal, remarks);
    await forgetBackups(house.database.db);
    const held = request.isMove ? 0 : await hold(house, scope, manifest.takenAt);
    await house.audit.record(scope, {
      act: 'backup.restored',
      details: { takenAt: manifest.takenAt, erased, noes, held },
    });
    return { erased, noes, held, remarks };
  } finally {
    await house.end();
  }
}

/** Which of them was closed since, by a log-out or a new password, nobody here can know. */
async function closeDoors({ database, clock }: House): Promise<void> {
  await deleteSessions(database.db);
  await closeLinks(database.db);
  await revokeTokens(database.db, clock.now());
}

interface Journal {
  all: Erasure[];
  since: Date;
}

async function journalSince(request: RestoreRequest & { manifest: Manifest }): Promise<Journal> {
  const all = (await Promise.all(request.erasures.map(readErasures))).flat();
  all.sort((a, b) => a.at.getTime() - b.at.getTime());
  return { all, since: new Date(new Date(request.manifest.takenAt).getTime() - slack) };
}

async function eraseAgain(
  house: House,
  scope: Scope,
  journal: Journal,
  remarks: string[],
): Promise<number> {
  const people = erasedSince(journal.all, journal.since);
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

async function sayNoAgain(
  { registry }: House,
  scope: Scope,
  journal: Journal,
  remarks: string[],
): Promise<number> {
  const noes = noesSince(journal.all, journal.since);
  const faulty = registry.all().find(({ state, manifest }) => {
    return state === 'faulty' && noes.some(({ no }) => no.plugin === manifest.id);
  });
  if (faulty) {
    const why = remarks.find((remark) => remark.includes(` ${faulty.manifest.id} `)) ?? '';
    throw new StartError(`People said no since and cannot be heard again. ${why}`);
  }
  for (const { personId, no } of noes) await sayNo(registry, scope, personId, no);
  return noes.length;
}

/** The core's messages, and in each organization what its plugins were about to send. */
async function hold(house: House, scope: Scope, takenAt: string): Promise<number> {
  for (const { id: organizationId } of house.organizations.all()) {
    const own = house.scopes.at(scope, organizationId);
    await house.events.emit(own, 'core.organization.restored', { organizationId, takenAt });
  }
  return scope.write((own) => holdMails(own.db, own.now()));
}
