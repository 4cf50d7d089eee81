// A kind of page for the website: how much help was offered, and how much is wanted.
import { extensionPoint, Type } from 'rostra/plugin';
import type { PageType as Contract } from 'rostra/website';
import { countOpenOffers } from './offer.sql.ts';

// Named once more: of a plugin that this one does not require, only the types are there to import.
export const PageType = extensionPoint<Contract>('website.PageType');

const settings = Type.Object({
  goal: Type.Integer({ minimum: 1, maximum: 10_000, default: 20 }),
  wanted: Type.Optional(Type.String({ maxLength: 300, 'x-multiline': true })),
});

export const offersPage: Contract = {
  async describe() {
    const words = { name: 'example.offers.name', summary: 'example.offers.summary' };
    return { id: 'example.offers', ...words, settings };
  },
  async check(scope, { goal }) {
    const count = await countOpenOffers(scope);
    if (Number(goal) > count) return [];
    return [{ path: '/goal', message: 'example.fault.goal', params: { count } }];
  },
  async part(scope, { settings: { goal, wanted } }) {
    return { view: 'goal', data: { count: await countOpenOffers(scope), goal, wanted } };
  },
};
