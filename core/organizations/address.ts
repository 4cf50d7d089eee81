// Where an organization's site stands.
import type { Config } from '../config.ts';
import type { Organization } from './organization.ts';
import type { Organizations } from './organizations.ts';

/** On the host of its own if it has one, with the scheme and port of the install. */
export function addressesOf(
  { url }: Config,
  organizations: Organizations,
): (organization: Organization) => string {
  return ({ id }) => {
    const [host] = organizations.hostsOf(id);
    if (!host) return url;
    const address = new URL(url);
    address.hostname = host;
    return address.origin;
  };
}
