// Recipients and their gifts for programs: read only, by who holds an office, a page by key at a time.
import { type Context, type Router, router, type Static, Type } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import type { Donation } from '../donation.sql.ts';
import { nameOf } from '../identity.ts';
import { demandOffice } from '../office.ts';
import { findRecipients, type Recipient } from '../recipient.sql.ts';
import { searchDonations } from '../search.sql.ts';
import { idOf, mayEnter } from './recipients.ts';

const states = ['pledged', 'accepted', 'held', 'refused', 'refunded'] as const;
const PageQuery = Type.Object({
  state: Type.Optional(Type.Union(states.map((state) => Type.Literal(state)))),
  since: Type.Optional(Type.String({ format: 'date' })),
  until: Type.Optional(Type.String({ format: 'date' })),
  before: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,17}$' })),
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
});

/** At `/api/v1/fundraising`: `/recipients`, and `/recipients/:id/donations`, newest first. */
export function apiRoutes(deps: Deps): Router {
  const routes = router();
  routes.get('/recipients', mayEnter(), async (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { recipients: (await findRecipients(ctx.scope)).map(recipientView) };
  });
  routes.get('/recipients/:id/donations', mayEnter(), (ctx) => sendDonations(deps, ctx));
  return routes;
}

async function sendDonations(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const recipient = await demandOffice(scope, idOf(ctx), 'read');
  const { limit, state, ...span }: Static<typeof PageQuery> = ctx.filters(PageQuery);
  const found = await searchDonations(scope, recipient.id, {
    ...{ ...span, states: state ? [state] : states, most: limit + 1 },
  });
  const donations = found.slice(0, limit);
  const subject = { type: 'recipient', id: recipient.id };
  await deps.audit.record(scope, { act: 'list.taken', subject });
  ctx.set('Cache-Control', 'no-store');
  ctx.body = {
    donations: donations.map(donationView),
    /** The next page: `?before=` this. */
    next: found.length > limit ? donations.at(-1)?.id : undefined,
  };
}

function recipientView(recipient: Recipient) {
  const { id, kind, name, currency, election, opensOn, closesOn, isTest, closedAt } = recipient;
  return { id, kind, name, currency, election, opensOn, closesOn, isTest, closedAt };
}

function donationView(donation: Donation) {
  const { id, state, givenOn, amountMinor, refundedMinor, currency, method, source } = donation;
  const { pageId, fund, tracking, batchId, statementReference, why, returnBy } = donation;
  const { donorType: type, personId, createdAt, settledAt } = donation;
  return {
    ...{ id, state, givenOn, amountMinor, refundedMinor, currency, method, source, pageId, fund },
    ...{ tracking, batchId, statementReference, why, returnBy, createdAt, settledAt },
    donor: { type, personId, name: nameOf(donation.identity) },
  };
}
