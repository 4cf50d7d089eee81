// The rights of a person: asked of every plugin that keeps something on people, dormant ones included.
import { deleteAuditDetails, findAuditOf, moveAuditDetails } from './audit/audit.sql.ts';
import { type No, writeDown } from './backup/erasures.ts';
import type { Core } from './core.ts';
import type { OwnJob } from './jobs/jobs.ts';
import { redact } from './jobs/redact.ts';
import { deleteMailsOf, deleteSettledBefore, findMailsOf, moveMails } from './mail/mail.sql.ts';
import type { SubjectRecord, SubjectRights } from './plugin.ts';
import type { Scope } from './scope.ts';
import type { Audit, Subjects } from './services.ts';

type Keeper = readonly [plugin: string, rights: SubjectRights];

export function makeSubjects({ registry }: Pick<Core, 'registry'>): (plugin: string) => Subjects {
  const subjects: Omit<Subjects, 'noteNo'> = {
    async *export(scope, personId) {
      for (const [plugin, rights] of keepers(registry)) {
        for await (const record of rights.export(scope, personId)) yield { plugin, ...record };
      }
    },
    erase: (scope, personId) =>
      scope.write(async (own) => {
        const waitingFor = silent(registry);
        for (const [plugin, rights] of keepers(registry).reverse()) {
          const erased = await named(registry, plugin, 'erase', () => rights.erase(own, personId));
          if (!erased.done) waitingFor.push(erased.waitingFor);
        }
        await writeDown(own, personId);
        return { waitingFor };
      }),
    merge: (scope, from, into) =>
      scope.write(async (own) => {
        for (const [plugin, rights] of keepers(registry)) {
          await named(registry, plugin, 'merge', () => rights.merge(own, from, into));
        }
        await writeDown(own, from, { mergedInto: into });
      }),
  };
  return (plugin) => ({
    ...subjects,
    noteNo: (scope, personId, said) =>
      scope.write((own) => writeDown(own, personId, { no: { plugin, said } })),
  });
}

/** After a restore, the core asks the plugin to do again what the person said. */
export function sayNo(
  registry: Core['registry'],
  scope: Scope,
  personId: string,
  { plugin, said }: No,
): Promise<void> {
  const rights = keepers(registry).find(([id]) => id === plugin)?.[1];
  if (!rights?.sayNo) {
    throw new Error(`The plugin ${plugin} is not here to be told who said no to it since.`);
  }
  const say = rights.sayNo.bind(rights);
  return named(registry, plugin, 'sayNo', () => scope.write((own) => say(own, personId, said)));
}

/** Once a day, everywhere: what may no longer be kept goes. One that fails does not hold up the others. */
export function forgetJob({ registry }: Pick<Core, 'registry'>, audit: Audit): OwnJob {
  return {
    name: 'forget',
    cron: '17 2 * * *',
    once: true,
    async run(scope) {
      for (const [plugin, rights] of keepers(registry)) {
        try {
          const count = (await rights.forget?.(scope)) ?? 0;
          if (count === 0) continue;
          const subject = { type: 'plugin', id: plugin };
          await audit.record(scope, { act: 'data.forgotten', subject, details: { count } });
        } catch (error) {
          registry.report(plugin, 'forget', redact(error));
        }
      }
    },
  };
}

/** In order of `requires`, the core first. */
function keepers(registry: Core['registry']): Keeper[] {
  const plugins = registry
    .all()
    .filter(({ state }) => state === 'loaded' || state === 'dormant')
    .flatMap(({ manifest, contributions }): Keeper[] =>
      contributions.subject ? [[manifest.id, contributions.subject]] : [],
    );
  return [['core', coreRights], ...plugins];
}

/** Plugins that keep something on people and could not be loaded: they cannot be asked. */
function silent(registry: Core['registry']): string[] {
  return registry
    .all()
    .filter(({ state, manifest }) => state === 'faulty' && manifest.dataPractices?.length)
    .map(({ manifest }) => manifest.id);
}

async function named<T>(
  registry: Core['registry'],
  plugin: string,
  what: string,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    registry.report(plugin, what, redact(error));
    throw error;
  }
}

const page = 500;
const mailsKept = 90 * 24 * 60 * 60 * 1000;

/** What the core itself keeps on people: who did what with their data, and the mails to them. */
const coreRights: SubjectRights = {
  async *export(scope, personId) {
    yield* paged('core.audit', (after) => findAuditOf(scope.db, personId, after, page));
    yield* paged('core.outbox', (after) => findMailsOf(scope.db, personId, after, page));
  },
  async erase(scope, personId) {
    await deleteMailsOf(scope.db, personId);
    await deleteAuditDetails(scope.db, personId);
    return { done: true };
  },
  async merge(scope, from, into) {
    await moveMails(scope.db, from, into);
    await moveAuditDetails(scope.db, from, into);
  },
  forget: (scope: Scope) => {
    const before = new Date(scope.now().getTime() - mailsKept);
    return scope.write((own) => deleteSettledBefore(own.db, before));
  },
};

async function* paged(
  table: string,
  find: (after: string) => Promise<{ id: string }[]>,
): AsyncIterable<SubjectRecord> {
  let after = '0';
  for (;;) {
    const rows = await find(after);
    for (const row of rows) yield { table, row: { ...row } };
    const last = rows.at(-1);
    if (!last || rows.length < page) return;
    after = last.id;
  }
}
