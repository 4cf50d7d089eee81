// What a new party does first: the core's own steps and those of the plugins that are on.
import { findStaff } from '../accounts/account.sql.ts';
import { isIdentityComplete } from '../organizations/identity.ts';
import type { Step } from '../plugin.ts';
import type { Scope } from '../scope.ts';
import type { AdminDeps } from './deps.ts';
import { insideAdmin } from './nav.ts';

export interface ShownStep {
  label: string;
  /** Inside the admin. */
  href: string;
  done: boolean;
}

export async function stepsOf(deps: AdminDeps, scope: Scope): Promise<ShownStep[]> {
  const steps = [...ownSteps(deps, scope), ...stepsOfPlugins(deps, scope)];
  steps.sort((a, b) => a.order - b.order);
  const shown: ShownStep[] = [];
  // One after the other: a chapter's staff read on one connection.
  for (const step of steps) {
    const [label, href] = [scope.t(step.label), insideAdmin(step.href)];
    const done = await isDone(deps, scope, step);
    if (done !== undefined) shown.push({ label, href, done });
  }
  return shown;
}

/** `undefined` when the plugin could not say: its step is left out and the page stays. */
async function isDone(
  { registry, scopes }: AdminDeps,
  scope: Scope,
  step: Step,
): Promise<boolean | undefined> {
  try {
    return await step.done(scope);
  } catch (error) {
    registry.report(step.label.slice(0, step.label.indexOf('.')), 'step', error);
    await scopes.revive(scope);
    return undefined;
  }
}

function ownSteps(deps: AdminDeps, { organization }: Scope): Step[] {
  const edit = `/organizations/${organization.id}`;
  const own = (name: string, order: number, href: string, done: Step['done']): Step => {
    return { label: `admin.home.step.${name}`, href, order, done };
  };
  return [
    own('identity', 10, edit, async () => isIdentityComplete(organization.legal)),
    own('domain', 20, edit, async () => hasOwnAddress(deps, organization.id)),
    own('mail', 30, '/settings', (scope) => deps.mailIsSet(scope)),
    own('team', 60, '/staff', async (scope) => (await findStaff(scope)).length > 1),
    own('data-protection', 70, '/staff', hasDataProtection),
  ];
}

/** Somebody is named who answers for the file that an authority would ask for. */
async function hasDataProtection(scope: Scope): Promise<boolean> {
  const staff = await findStaff(scope);
  return staff.some(({ roles }) => roles.some(({ role }) => role === 'data-protection'));
}

/** A name of its own, reached over https. */
function hasOwnAddress({ config, organizations }: AdminDeps, id: string): boolean {
  return config.url.startsWith('https:') && organizations.hostsOf(id).length > 0;
}

function stepsOfPlugins({ registry }: AdminDeps, scope: Scope): Step[] {
  return registry
    .all()
    .filter(({ manifest }) => registry.isOn(manifest.id, scope.organization))
    .flatMap(({ contributions }) => contributions.steps ?? []);
}
