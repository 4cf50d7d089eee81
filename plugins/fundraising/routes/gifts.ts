// The gifts of a recipient as a list: searched by donor, amount, receipt or reference, narrowed, and paged by key.
import { type Context, type Router, type Static, Type } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { nameOf } from '../identity.ts';
import type { DonationState } from '../line.ts';
import { readMoney } from '../money.ts';
import { deedsOf, demandOffice } from '../office.ts';
import { findFunds, searchDonations } from '../search.sql.ts';
import { queryOf as query } from './query.ts';
import { idOf, mayEnter } from './recipients.ts';

const aPage = 50;
const shown = {
  accepted: ['accepted', 'refunded'],
  waiting: ['held', 'pledged'],
  refused: ['refused'],
  all: ['accepted', 'refunded', 'held', 'pledged', 'refused'],
} as const satisfies Record<string, readonly DonationState[]>;
const shows = ['accepted', 'waiting', 'refused', 'all'] as const;
const methods = ['card', 'direct_debit', 'transfer', 'cheque', 'cash'] as const;
const sources = ['page', 'staff', 'history'] as const;
const oneOf = (words: readonly string[]) =>
  Type.Optional(Type.Union(words.map((word) => Type.Literal(word))));
const key = Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,17}$' }));
const day = Type.Optional(Type.String({ format: 'date' }));
const ListQuery = Type.Object({
  show: Type.Union(
    shows.map((one) => Type.Literal(one)),
    { default: 'accepted' },
  ),
  state: oneOf(shown.all),
  q: Type.Optional(Type.String({ maxLength: 100 })),
  method: oneOf(methods),
  source: oneOf(sources),
  fund: Type.Optional(Type.String({ maxLength: 100 })),
  page: key,
  since: day,
  until: day,
  before: key,
});
type Asked = Static<typeof ListQuery>;

export function addGiftRoutes(routes: Router, deps: Deps): void {
  routes.get('/:id/donations', mayEnter(), (ctx) => showGifts(deps, ctx));
}

async function showGifts(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const recipient = await demandOffice(scope, idOf(ctx), 'read');
  const asked = ctx.filters(ListQuery);
  const found = await searchDonations(scope, recipient.id, {
    ...narrowed(asked),
    amountMinor: asked.q ? readMoney(asked.q, recipient.currency) : undefined,
    most: aPage + 1,
  });
  const donations = found.slice(0, aPage);
  const page = asked.page ? await deps.sitePages.find(scope, asked.page) : undefined;
  const choice = (word: string, kind: string) => ({
    ...{ value: word, label: scope.t(`fundraising.${kind}.${word}`) },
  });
  await ctx.render('gifts', {
    title: scope.t('fundraising.money.gifts'),
    ...{ query, recipient, asked, pageTitle: page?.title },
    donations: donations.map((one) => ({ ...one, name: nameOf(one.identity) })),
    next: found.length > aPage ? donations.at(-1)?.id : undefined,
    methods: methods.map((word) => choice(word, 'method')),
    sources: sources.map((word) => choice(word, 'source')),
    funds: await findFunds(scope, recipient.id),
    mayDo: await deedsOf(scope, recipient),
  });
}

function narrowed({ show, state, q, method, source, fund, page, since, until, before }: Asked) {
  const states: readonly DonationState[] = shown[show];
  return {
    states: states.filter((one) => !state || one === state),
    ...{ words: q, method, source, fund: fund || undefined, pageId: page, since, until, before },
  };
}
