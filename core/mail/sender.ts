// In whose name messages leave: a chapter's own where its domain is proven, else from the address of the part above it.
import type { Core } from '../core.ts';
import type { DemoMark } from '../demo/mark.ts';
import { isIdentityComplete } from '../organizations/identity.ts';
import type { Organization } from '../organizations/organization.ts';
import type { SettingsParts } from '../settings/settings.ts';
import { findDomain } from './domain.sql.ts';
import { domainOf, senderOf, serverOf } from './domain.ts';

export interface SenderDeps extends Pick<Core, 'config' | 'database' | 'organizations'> {
  settings: Pick<SettingsParts, 'coreOf'>;
  demo?: Pick<DemoMark, 'current'>;
}

/** By which server, and in whose name. */
export interface MailWay {
  server: string;
  from: { name: string; address: string };
  /** Where answers go, when that is not where it is from. */
  replyTo?: string;
}

type Obstacle = 'demo' | 'server' | 'sender' | 'identity';

/** The way out, or what keeps messages in the outbox. */
export function wayOf(
  { config, settings, demo }: Pick<SenderDeps, 'config' | 'settings' | 'demo'>,
  organization: Organization,
): MailWay | { waitsFor: Obstacle } {
  const server = serverOf({ config, settings }, organization);
  const address = senderOf({ settings }, organization);
  if (demo?.current()) return { waitsFor: 'demo' };
  if (!isIdentityComplete(organization.legal)) return { waitsFor: 'identity' };
  if (!server) return { waitsFor: 'server' };
  if (!address || !/^\S+@\S+$/.test(address)) return { waitsFor: 'sender' };
  const { mailFromName: name = organization.name, mailReplyTo } = settings.coreOf(organization);
  return { server, from: { name, address }, ...(mailReplyTo && { replyTo: mailReplyTo }) };
}

/**
 * As `wayOf`; a chapter that is set to write from a domain which nothing yet shows to be its own is answered at its address
 * and written from the part above: receivers throw away what a domain does not vouch for (DMARC, RFC 7489).
 */
export async function provenWayOf(
  deps: SenderDeps,
  organization: Organization,
): Promise<ReturnType<typeof wayOf>> {
  const way = wayOf(deps, organization);
  if ('waitsFor' in way || (await isProven(deps, organization, way))) return way;
  const above = aboveOf(deps, organization);
  const theirs = above && (await provenWayOf(deps, above));
  if (!theirs || 'waitsFor' in theirs) return way;
  const { address } = way.from;
  return {
    ...way,
    from: { ...way.from, address: theirs.from.address },
    replyTo: way.replyTo ?? address,
  };
}

/** The organization's own address while messages do not leave from it; `undefined`: they do, or there is none. */
export async function unprovenSenderOf(deps: SenderDeps, organization: Organization) {
  const own = senderOf(deps, organization);
  const way = await provenWayOf(deps, organization);
  if ('waitsFor' in way || own === undefined || way.from.address === own) return undefined;
  return { own, instead: way.from.address };
}

/** The party's domain is its own affair, and whoever has a mail server of their own has it vouched for there. */
async function isProven(deps: SenderDeps, organization: Organization, { from }: MailWay) {
  const above = aboveOf(deps, organization);
  const domain = domainOf(from.address);
  if (!above || !domain) return true;
  if (serverOf(deps, organization) !== serverOf(deps, above)) return true;
  if (domain === domainOf(senderOf(deps, above) ?? '')) return true;
  return (await findDomain(deps.database.db, domain))?.signs === true;
}

const aboveOf = ({ organizations }: SenderDeps, { parentId }: Organization) =>
  parentId === undefined ? undefined : organizations.find(parentId);
