// Events: `before` listeners in the emitter's transaction, `on` listeners as jobs of their own after the commit.
import { randomUUID } from 'node:crypto';
import { within } from '../bounded.ts';
import type { Core } from '../core.ts';
import { isAppError, unavailable } from '../errors.ts';
import { addJobs } from '../jobs/jobs.sql.ts';
import { onTask } from '../jobs/task.ts';
import type { Organization } from '../organizations/organization.ts';
import type { Contributions, EventInfo, EventPayloads } from '../plugin.ts';
import type { Scope } from '../scope.ts';
import type { Events } from '../services.ts';
import { withSavepoint } from './savepoint.sql.ts';

export interface EventsDeps extends Pick<Core, 'registry' | 'organizations'> {
  /** The core's own listeners; they come first. */
  own?: Pick<Contributions, 'before' | 'on'>;
  /** Milliseconds that a `before` listener may take; 10,000 if left out. */
  patience?: number;
}

type Listener = (
  scope: Scope,
  payload: EventPayloads[keyof EventPayloads],
  event: EventInfo,
) => Promise<void>;

export function makeEvents(deps: EventsDeps): (plugin: string) => Events {
  return (plugin) => ({
    async emit(scope, event, payload, heardBy = [scope.organization.id]) {
      if (!event.startsWith(`${plugin}.`)) {
        throw new Error(`Plugin "${plugin}" may not emit ${event}: it belongs to another.`);
      }
      const info = { id: randomUUID(), at: scope.now() };
      await scope.write(async (own) => {
        for (const [listener, run] of listenersOf(deps, own.organization, 'before', event)) {
          await askFirst(deps, own, { listener, event, run: () => run(own, payload, info) });
        }
        const heard = { event: { id: info.id, at: info.at.toISOString() }, data: { ...payload } };
        const jobs = heardBy.flatMap((organizationId) => {
          const organization = deps.organizations.find(organizationId) ?? own.organization;
          return listenersOf(deps, organization, 'on', event).map(([listener]) => ({
            ...{ task: onTask(listener, event), payload: { organizationId, ...heard } },
          }));
        });
        await addJobs(own.db, jobs);
      });
    },
  });
}

/** The core's, then the plugins' in order of `requires`, those alone that are on for the organization. */
function listenersOf(
  { registry, own }: EventsDeps,
  organization: Organization,
  when: 'before' | 'on',
  event: keyof EventPayloads,
): [string, Listener][] {
  const core: [string, Listener | undefined] = ['core', own?.[when]?.[event] as Listener];
  const plugins = registry
    .all()
    .filter(({ contributions }) => contributions[when]?.[event])
    .filter(({ manifest }) => registry.isOn(manifest.id, organization))
    .map(({ manifest, contributions }): [string, Listener | undefined] => [
      manifest.id,
      contributions[when]?.[event] as Listener,
    ]);
  return [core, ...plugins].filter((entry): entry is [string, Listener] => entry[1] !== undefined);
}

/** A refusal stops the act and is the reader's to see; any other fault stops it too, and is the listener's. */
async function askFirst(
  { registry, patience = 10_000 }: EventsDeps,
  scope: Scope,
  { listener, event, run }: { listener: string; event: string; run: () => Promise<void> },
): Promise<void> {
  const late = `It did not answer within ${patience} ms.`;
  try {
    await withSavepoint(scope.db, () => within(patience, late, run));
  } catch (error) {
    if (isRefusal(error)) throw error;
    registry.report(listener, `before ${event}`, error);
    throw unavailable(listener, error);
  }
}

const notRefusals = ['core.not-found', 'core.invalid', 'core.forbidden', 'core.unavailable'];

function isRefusal(error: unknown): boolean {
  return isAppError(error) && !notRefusals.includes(error.code);
}
