// The first minute: an answered setup page, or the environment, becomes a party with an administrator.
import { insertAccount, insertRole } from '../accounts/account.sql.ts';
import { isGuessable } from '../accounts/guess.ts';
import { hashPassword, passwordLength } from '../accounts/password.ts';
import type { Config } from '../config.ts';
import type { Core } from '../core.ts';
import { StartError } from '../database/start-error.ts';
import { refused } from '../errors.ts';
import type { Packs } from '../law/pack.ts';
import { insertOrganization } from '../organizations/organization.sql.ts';
import type { LegalIdentity } from '../organizations/organization.ts';
import type { Audit, Events } from '../services.ts';

export interface SetupAnswers {
  jurisdiction: string;
  party: string;
  locale: string;
  timeZone: string;
  legal: LegalIdentity;
  administrator: { name: string; email: string; password: string };
  /** Where it was read that the law of Rostra is a starting point and no legal advice. */
  acknowledged?: 'page' | 'environment';
}

export interface SetupParts
  extends Pick<Core, 'clock' | 'database' | 'organizations' | 'packs' | 'scopes' | 'versions'> {
  /** The core's. */
  events: Events;
  audit: Audit;
  /** Loads the plugins that became lawful. */
  loadPlugins(): Promise<unknown>;
}

/** Throws `refused('core.already-set-up')` when somebody was faster: the database lets in one root only. */
export async function setUp(
  parts: SetupParts,
  answers: SetupAnswers,
): Promise<{ organizationId: string; accountId: string }> {
  const passwordHash = await hashPassword(answers.administrator.password);
  const now = parts.clock.now();
  const made = await parts.database.db
    .transaction(async (db) => {
      const organizationId = await insertOrganization(db, {
        name: answers.party,
        slug: slugOf(answers.party),
        jurisdiction: answers.jurisdiction,
        locale: answers.locale,
        timeZone: answers.timeZone,
        legal: answers.legal,
        now,
      });
      const { name, email } = answers.administrator;
      const account = { name, email, passwordHash, locale: answers.locale, now };
      const accountId = await insertAccount(db, account);
      if (!accountId) throw refused('core.name-taken', { status: 409 });
      await insertRole(db, { accountId, organizationId, role: 'administrator', now });
      await parts.versions.bump(db, 'house');
      return { organizationId, accountId };
    })
    .catch((error: unknown) => {
      if ((error as { code?: string }).code !== '23505') throw error;
      throw refused('core.already-set-up', { status: 409 });
    });
  await parts.organizations.reload();
  await parts.loadPlugins();
  await tellPlugins(parts, made.organizationId, answers);
  return made;
}

/** What a party has from its first minute: a site, a newsletter. Without it the house stands all the same. */
async function tellPlugins(
  { scopes, events, audit, packs }: SetupParts,
  organizationId: string,
  { acknowledged, jurisdiction, administrator }: SetupAnswers,
): Promise<void> {
  const scope = scopes.make({ organizationId, actor: { kind: 'system', name: 'setup' } });
  const subject = { type: 'organization', id: organizationId };
  await audit.record(scope, { act: 'organization.created', subject });
  if (acknowledged) {
    const [where, version] = [acknowledged, packs.get(jurisdiction)?.version ?? ''];
    await audit.record(scope, {
      act: 'law.acknowledged',
      subject: { type: 'pack', id: jurisdiction },
      details: { version, where, by: administrator.name },
    });
  }
  await events.emit(scope, 'core.organization.created', { organizationId });
}

/** The same without hands; `undefined` when the environment says nothing. Throws StartError when it says too little. */
export function answersFrom(setup: Config['setup'], packs: Packs): SetupAnswers | undefined {
  if (!Object.values(setup).some(Boolean)) return undefined;
  const { jurisdiction = '', organization = '', adminEmail = '', adminPassword = '' } = setup;
  const fault = faultIn(setup, packs);
  if (fault) throw new StartError(`The party cannot be set up without hands: ${fault}`);
  return {
    jurisdiction,
    party: organization,
    locale: localeFor(jurisdiction),
    timeZone: packs.get(jurisdiction)?.timeZone ?? 'UTC',
    legal: {},
    administrator: {
      name: adminEmail.split('@')[0] ?? adminEmail,
      email: adminEmail,
      password: adminPassword,
    },
    acknowledged: 'environment',
  };
}

const variables: Record<keyof Config['setup'], string> = {
  jurisdiction: 'ROSTRA_JURISDICTION',
  organization: 'ROSTRA_ORGANIZATION',
  adminEmail: 'ROSTRA_ADMIN_EMAIL',
  adminPassword: 'ROSTRA_ADMIN_PASSWORD',
};

function faultIn(setup: Config['setup'], { ids }: Packs): string | undefined {
  const missing = Object.entries(variables).filter(([key]) => !setup[key as keyof typeof setup]);
  if (missing.length > 0)
    return `${missing.map(([, name]) => name).join(' and ')} must be set too.`;
  const { jurisdiction = '', adminEmail = '', adminPassword = '' } = setup;
  if (!ids.includes(jurisdiction)) return `ROSTRA_JURISDICTION must be one of ${ids.join(', ')}.`;
  if (!adminEmail.includes('@')) return 'ROSTRA_ADMIN_EMAIL must be an e-mail address.';
  if (adminPassword.length < passwordLength.min)
    return `ROSTRA_ADMIN_PASSWORD must have at least ${passwordLength.min} characters.`;
  return isGuessable(adminPassword, [setup.organization ?? '', adminEmail])
    ? 'ROSTRA_ADMIN_PASSWORD must be one that a stranger would not try: no common words, repetitions or names.'
    : undefined;
}

/** The most likely language of a country, of those that Rostra speaks. */
export function localeFor(jurisdiction: string): string {
  return new Intl.Locale(`und-${jurisdiction.slice(0, 2)}`).maximize().language === 'fr'
    ? 'fr'
    : 'en';
}

export function slugOf(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain.slice(0, 60) || 'party';
}
