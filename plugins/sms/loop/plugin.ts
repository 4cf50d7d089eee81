// For the tests: a gateway that takes what it is handed and keeps it.
import { type Plugin } from 'rostra/plugin';
import { SmsGateway, type SmsMessage } from 'rostra/sms';

export const taken: SmsMessage[] = [];

const gateway: SmsGateway = {
  describe: async () => ({
    ...{ id: 'loop', name: 'loop.plugin.name', news: 'session', lanes: 2, perSecond: 100 },
    settings: { type: 'object', properties: {} },
  }),
  check: async () => {},
  open: async () => ({
    async hand(message) {
      taken.push(message);
      return { state: 'accepted', reference: message.key, answer: '' };
    },
    close: () => {},
  }),
  hear: async () => undefined,
};

const plugin: Plugin = {
  provide(bind) {
    bind(SmsGateway, () => gateway);
  },
  contribute: () => ({}),
};
export default plugin;
