// The first minute: an answered setup page, or the environment, becomes a party with an administrator.
import { insertAccount, insertRole } from '../accounts/account.sql.ts';
import { hashPassword } from '../accounts/password.ts';
import type { Config } from '../config.ts';
import type { Core } from '../core.ts';
import { refused } from '../errors.ts';
import { insertOrganization } from '../organizations/organization.sql.ts';
import type { LegalIdentity } from '../organizations/organization.ts';

export interface SetupAnswers {
  jurisdiction: string;
  party: string;
  locale: string;
  timeZone: string;
  legal: LegalIdentity;
  administrator: { name: string; email: string; password: string };
}

export interface SetupParts
  extends Pick<Core, 'clock' | 'database' | 'organizations' | 'versions'> {
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
  return made;
}

/** The same without hands; `undefined` when the environment does not say enough. */
export function answersFrom(
  setup: Config['setup'],
  jurisdictions: readonly string[],
): SetupAnswers | undefined {
  const { jurisdiction, organization, adminEmail, adminPassword } = setup;
  if (!jurisdiction || !organization || !adminEmail || !adminPassword) return undefined;
  if (!jurisdictions.includes(jurisdiction)) return undefined;
  return {
    jurisdiction,
    party: organization,
    locale: localeFor(jurisdiction),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    legal: {},
    administrator: {
      name: adminEmail.split('@')[0] ?? adminEmail,
      email: adminEmail,
      password: adminPassword,
    },
  };
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
