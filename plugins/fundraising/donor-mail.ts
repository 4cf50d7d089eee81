// What a donor of a page is written: that the gift came, that it is looked at, that it went back. Once each.
import { isOneAddress, type Listeners, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { type Donation, findDonation, noteWritten } from './donation.sql.ts';
import { nameOf } from './identity.ts';
import { findReceiptsOf } from './receipt.sql.ts';
import { findRecipient } from './recipient.sql.ts';

/** Once each, and after the money is entered: a message that cannot be written keeps none of it out. */
export function donorMail(deps: Deps): Listeners {
  return {
    'fundraising.donation.accepted': (scope, { donationId }, { id }) =>
      writeOnce(scope, deps, donationId, { id, view: 'gift' }),
    'fundraising.donation.held': (scope, { donationId }, { id }) =>
      writeOnce(scope, deps, donationId, { id, view: 'gift-held' }),
    'fundraising.donation.refunded': (scope, { donationId, amountMinor }, { id }) =>
      writeOnce(scope, deps, donationId, { id, view: 'gift-back', backMinor: amountMinor }),
  };
}

interface News {
  /** Of the event: the same again is nothing new. */
  id: string;
  view: 'gift' | 'gift-held' | 'gift-back';
  backMinor?: number;
}

function writeOnce(scope: Scope, deps: Deps, donationId: string, news: News): Promise<void> {
  return scope.write(async (own) => {
    if (await noteWritten(own, donationId, news.id)) await write(own, deps, donationId, news);
  });
}

async function write(
  scope: Scope,
  deps: Deps,
  donationId: string,
  { view, backMinor }: News,
): Promise<void> {
  const donation = await findDonation(scope, donationId);
  const to = donation?.identity.emailAddress;
  // What staff enter by hand has its paper, and its address was not given for this. What is no one address the page told.
  if (donation?.source !== 'page' || !to || !isOneAddress(to)) return;
  // It was settled before this was written: the next message says how.
  if (view === 'gift-held' && donation.state !== 'held') return;
  const { personId, identity } = donation;
  // Held before, it was nobody's yet.
  if (personId && view === 'gift') await deps.mail.assign(scope, personId, [to]);
  await deps.mail.send(scope, {
    ...{ to, view, ...(identity.locale && { locale: identity.locale }) },
    ...(personId && { personId }),
    data: await wordsOf(scope, donation, backMinor),
    // Who pays is told so, also who wants nothing else.
    despiteNo: true,
  });
}

async function wordsOf(scope: Scope, donation: Donation, backMinor: number | undefined) {
  const { id, recipientId, currency, identity } = donation;
  const recipient = await findRecipient(scope, recipientId);
  const receipts = await findReceiptsOf(scope, id);
  const standing = receipts.find(({ kind, voidedAt }) => kind === 'receipt' && !voidedAt);
  return {
    ...{ name: nameOf(identity), recipient: recipient?.name, isTest: recipient?.isTest },
    ...{ agent: recipient?.agent, currency, amountMinor: backMinor ?? donation.amountMinor },
    ...{ day: donation.givenOn, method: donation.method, receipt: standing?.label },
    ...{ returnBy: donation.returnBy, contact: scope.organization.legal.contact },
    // Where the authority numbers them, the receipt comes later from there.
    isOfficial: scope.law.rule('money.receipt.official').value === true,
  };
}
