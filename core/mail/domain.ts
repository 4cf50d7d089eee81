// A sending domain: its key, made at first use, and what the DNS says of it.
import { generateKeyPair } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { promisify } from 'node:util';
import type { Core } from '../core.ts';
import type { OwnJob } from '../jobs/jobs.ts';
import type { Organization } from '../organizations/organization.ts';
import { open, seal } from '../secret.ts';
import type { SettingsParts } from '../settings/settings.ts';
import { readDomain, selector } from './dns.ts';
import {
  type DomainReport,
  type DomainRow,
  findDomain,
  insertDomain,
  saveReport,
} from './domain.sql.ts';
import { hostnameOf, isLoopback } from './reserved.ts';

export interface DomainDeps extends Pick<Core, 'config' | 'database' | 'log'> {
  settings: Pick<SettingsParts, 'coreOf'>;
}

export interface Examined extends DomainReport {
  domain: string;
  signs: boolean;
  checkedAt: Date;
}

const purpose = 'mail.dkim';
const freshFor = 60_000;
const makeKeyPair = promisify(generateKeyPair);

/** The domain that the organization sends from; `undefined`: it has no sender yet. */
export function sendingDomainOf(deps: Pick<DomainDeps, 'settings'>, organization: Organization) {
  const address = senderOf(deps, organization);
  return address === undefined ? undefined : domainOf(address);
}

export function senderOf(
  { settings }: Pick<DomainDeps, 'settings'>,
  organization: Organization,
): string | undefined {
  return settings.coreOf(organization).mailFromAddress ?? organization.legal.contact;
}

/** The mail server that it hands messages to, if one is set. */
export function serverOf(
  { config, settings }: Pick<DomainDeps, 'config' | 'settings'>,
  organization: Organization,
): string | undefined {
  return settings.coreOf(organization).mailServer ?? config.smtpUrl;
}

export function domainOf(address: string): string | undefined {
  return domainToASCII(address.slice(address.lastIndexOf('@') + 1)).toLowerCase() || undefined;
}

/** Reads the DNS unless that was done a moment ago. Its silence is an answer too, never an error. */
export async function examineDomain(
  deps: DomainDeps,
  organization: Organization,
  { now, isAnew = false }: { now: Date; isAnew?: boolean },
): Promise<Examined | undefined> {
  const domain = sendingDomainOf(deps, organization);
  if (!domain) return undefined;
  const row = await rowOf(deps, domain, now);
  const host = hostOf(deps, organization);
  const { report: last, checkedAt } = row;
  const isFresh = checkedAt && now.getTime() - checkedAt.getTime() < freshFor;
  if (last && isFresh && !isAnew && last.host === (host ?? null))
    return { ...last, domain, signs: row.signs, checkedAt };
  const contact = organization.legal.contact ?? `postmaster@${domain}`;
  const asked = { domain, host, publicKey: row.publicKey, contact };
  const records = await readDomain(asked, deps.config.dnsServers);
  const report = { host: host ?? null, records };
  const dkim = records.find(({ record }) => record === 'dkim')?.state;
  const signs = dkim === 'unread' ? undefined : dkim === 'found';
  await saveReport(deps.database.db, domain, { report, signs, now });
  return { ...report, domain, signs: signs ?? row.signs, checkedAt: now };
}

/** Each hour: the first look at a key makes it sign, and a record that went stops that. */
export function domainJob(deps: DomainDeps & Pick<Core, 'organizations'>): OwnJob {
  return {
    name: 'check-mail-domains',
    cron: '17 * * * *',
    once: true,
    maxAttempts: 1,
    async run(scope) {
      for (const organization of deps.organizations.all()) {
        if (!hostOf(deps, organization)) continue;
        try {
          await examineDomain(deps, organization, { now: scope.now() });
        } catch (error) {
          // The others' domains are looked at all the same.
          deps.log.error(
            { err: error, organization: organization.id },
            'a sending domain could not be looked at',
          );
        }
      }
    },
  };
}

/** How messages from the domain are signed; `undefined` until receivers can look the key up. */
export async function signatureOf({ config, database }: DomainDeps, domain: string) {
  const row = await findDomain(database.db, domain);
  if (!row?.signs) return undefined;
  const privateKey = opened(config, row);
  return privateKey ? { domainName: row.domain, keySelector: selector, privateKey } : undefined;
}

async function rowOf(deps: DomainDeps, domain: string, now: Date): Promise<DomainRow> {
  const { config, database, log } = deps;
  const known = await findDomain(database.db, domain);
  if (known && opened(config, known)) return known;
  if (known) log.warn({ domain }, 'the key of a sending domain was sealed under another secret');
  // RSA, since not every receiver knows Ed25519 yet.
  const pair = await makeKeyPair('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const privateKey = seal(config.secret, purpose, pair.privateKey);
  const publicKey = pair.publicKey.toString('base64');
  await insertDomain(database.db, {
    ...{ domain, privateKey, publicKey, now },
    instead: known?.privateKey,
  });
  const made = await findDomain(database.db, domain);
  if (!made) throw new Error(`The key of ${domain} was made and is not there.`);
  return made;
}

function opened(config: DomainDeps['config'], { privateKey }: DomainRow): string | undefined {
  try {
    return open(config.secret, purpose, privateKey);
  } catch {
    return undefined;
  }
}

/** A relay on this machine sends from where the site is. */
function hostOf(deps: DomainDeps, organization: Organization): string | undefined {
  const server = serverOf(deps, organization);
  if (!server || !URL.canParse(server)) return undefined;
  return hostnameOf(isLoopback(server) ? deps.config.url : server);
}
