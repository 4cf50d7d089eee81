// Sou: payments through a server that the party runs itself.
import { PaymentProvider } from 'rostra/fundraising';
import { Fetch, type Plugin } from 'rostra/plugin';
import { makeSou } from './provider.ts';

const plugin: Plugin = {
  provide: (bind) => bind(PaymentProvider, (get) => makeSou(get(Fetch))),
  contribute: () => ({}),
};
export default plugin;
