// What follows once a gift's money is entered: nothing that goes wrong here keeps any of it out.
import type { Listeners } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { donorMail } from './donor-mail.ts';
import { compareDonor } from './likeness.ts';

export function listeners(deps: Deps): Listeners {
  const mail = donorMail(deps);
  return {
    ...mail,
    'fundraising.donation.accepted': async (scope, payload, event) => {
      await mail['fundraising.donation.accepted']?.(scope, payload, event);
      await compareDonor(scope, deps, payload.donationId);
    },
  };
}
