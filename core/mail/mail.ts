// Mail: written down in the caller's transaction as its reader will get it, sent by a job, once.
import type { Core } from '../core.ts';
import { invalid } from '../errors.ts';
import { addJob } from '../jobs/jobs.sql.ts';
import { jobTask } from '../jobs/task.ts';
import type { Scope } from '../scope.ts';
import { randomToken } from '../secret.ts';
import type { Mail } from '../services.ts';
import { viewScope } from '../theme/samples.ts';
import { assignMails, deleteWaiting, insertMail } from './mail.sql.ts';

export type MailDeps = Pick<Core, 'config' | 'locales' | 'themes'>;

export const deliverJob = 'deliver-mail';

/** One address and nothing that a header could be broken with: a form lets more pass. */
export function isOneAddress(address: string): boolean {
  return /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/.test(address);
}

export function makeMail({ config, locales, themes }: MailDeps): (plugin: string) => Mail {
  const host = new URL(config.url).hostname;
  return (plugin) => ({
    async send(scope, { to, view: name, data, personId, ...about }) {
      const { holdsKey = false, bulk = false, despiteNo = plugin === 'core', purpose } = about;
      const { headers = {}, sender, topic } = about;
      if (purpose && !personId) throw new Error(`A message for ${purpose} says whom it goes to.`);
      const locale = locales.choose(about.locale, scope.locale);
      if (!isOneAddress(to)) throw invalid([{ path: '/to', message: 'validate.email' }]);
      const view = wholeName(plugin, name);
      const mail = await drawMail({ locales, themes }, scope, { plugin, view: name, data, locale });
      return scope.write(async (own) => {
        const organizationId = scope.organization.id;
        const id = await insertMail(own.db, {
          ...{ organizationId, view, locale, personId, holdsKey, bulk, despiteNo },
          ...{ purpose, topic, headers, sender, to },
          ...mail,
          messageId: `<${randomToken(16)}@${host}>`,
          now: scope.now(),
        });
        await addJob(own.db, jobTask('core', deliverJob), { organizationId });
        return id;
      });
    },
    assign: (scope, personId, addresses) =>
      scope.write((own) => assignMails(own.db, { plugin, personId, addresses })),
    takeBack: (scope, addresses) => scope.write((own) => deleteWaiting(own.db, addresses)),
  });
}

/** As its reader gets it: on one line what stands in a header. */
export async function drawMail(
  { locales, themes }: Pick<MailDeps, 'locales' | 'themes'>,
  scope: Scope,
  of: { plugin: string; view: string; data: Record<string, unknown>; locale?: string | undefined },
) {
  const locale = locales.choose(of.locale, scope.locale);
  const t: Scope['t'] = (key, params) => locales.t(locale, key, params);
  const reader = viewScope(scope.organization, locale, scope.now(), t);
  const view = wholeName(of.plugin, of.view);
  const mail = await themes.renderMail({ scope: reader, view, data: of.data });
  return { ...mail, subject: mail.subject.replace(/\s+/g, ' ').trim() };
}

/** The core's areas name the area themselves: `accounts/invitation`. */
function wholeName(plugin: string, view: string): string {
  return view.includes('/') ? view : `${plugin}/${view}`;
}
