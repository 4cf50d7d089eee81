// A chapter's mail server is a public one: its staff must not make the party's house speak to itself.

import { type Fault, invalid } from '../errors.ts';
import { isPublicHost } from '../fetch.ts';
import type { Scope } from '../scope.ts';

/** Throws `invalid` on `mailServer`; the party itself may name a relay within its own walls. */
export async function demandPublicServer(
  scope: Scope,
  server: unknown,
  allowPrivate: readonly string[] = [],
): Promise<void> {
  if (scope.organization.parentId === undefined || typeof server !== 'string') return;
  const fault: Fault = { path: '/mailServer', message: 'settings.core.mailServer.private' };
  if (!URL.canParse(server)) throw invalid([fault]);
  const { host, hostname, search } = new URL(server);
  if (allowPrivate.includes(host)) return;
  // What stands behind `?` may name a proxy.
  if (search !== '' || !(await isPublicHost(hostname))) throw invalid([fault]);
}
