// The site's own way in, offered to those who collect people elsewhere: its address, and the mail by which one confirms.
import type { SignUpDesk } from 'rostra/people';
import { ensureSite } from './default-site.ts';
import type { Deps } from './deps.ts';
import { findDesk } from './desk.sql.ts';
import { closedBy } from './form.ts';
import { askMailbox } from './sign-up.ts';

export function makeDesk(deps: Deps): SignUpDesk {
  return {
    async path(scope) {
      if (closedBy(scope)) return undefined;
      return scope.aside(async (own) => {
        await ensureSite(own);
        return (await findDesk(own))?.path;
      });
    },
    async claim(scope, { emailAddress, phoneNumber, consents, evidence, again, ...names }) {
      const desk = await scope.aside(findDesk);
      if (!desk) return;
      await askMailbox(scope, deps, {
        ...names,
        pageId: desk.pageId,
        organizationId: desk.organizationId,
        email: emailAddress.toLowerCase(),
        ...(phoneNumber && { phone: phoneNumber }),
        consents: consents.map((one) => ({
          ...{ ...one, evidence },
          // Confirmed at the party's, it is still the chapter that asked.
          ...(desk.organizationId !== scope.organization.id && {
            organizationId: scope.organization.id,
          }),
        })),
        ...(again && { again: again.personId }),
      });
    },
  };
}
