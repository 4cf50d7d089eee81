// The organization's way out of mail, lent to a plugin that keeps the recipients of what it sends itself.
import type { Organization } from '../organizations/organization.ts';
import type { Lives, MailWay } from '../services.ts';
import type { DeliverDeps } from './deliver.ts';
import { domainOf, signatureOf } from './domain.ts';
import { drawMail, type MailDeps } from './mail.ts';
import { provenWayOf, wayOf } from './sender.ts';
import { handOver, lanes, openServer } from './server.ts';
import { giveBackDay, takeDay } from './warm-up.sql.ts';
import { ceilingOf, dayOf } from './warm-up.ts';

interface Deps extends DeliverDeps, MailDeps {
  urlOf(organization: Organization): string;
}

export function makeMailWay(deps: Deps): (plugin: string) => MailWay {
  const usable = async (organization: Organization) => {
    const way = await provenWayOf(deps, organization);
    return 'waitsFor' in way ? undefined : { ...way, domain: domainOf(way.from.address) ?? '' };
  };
  return (plugin) => ({
    async obstacle({ organization }) {
      const way = wayOf(deps, organization);
      return 'waitsFor' in way ? way.waitsFor : undefined;
    },
    async sender({ organization }) {
      const way = await usable(organization);
      return way && { from: way.from, ...(way.replyTo && { replyTo: way.replyTo }) };
    },
    draw: async (scope, message) => drawMail(deps, scope, { ...message, plugin }),
    async take(scope, most) {
      const { domain } = (await usable(scope.organization)) ?? {};
      if (domain === undefined) return { count: 0, giveBack: async () => {} };
      const day = dayOf(scope.now());
      const count = await takeDay(scope.db, { domain, day, most, ceilingOf });
      return {
        count,
        giveBack: (own, back) => giveBackDay(own.db, { domain, day, count: back }),
      };
    },
    async open(scope) {
      const way = await usable(scope.organization);
      if (!way) return undefined;
      const server = await openServer(way.server, await signatureOf(deps, way.domain));
      return {
        ...{ from: way.from, ...(way.replyTo && { replyTo: way.replyTo }) },
        site: deps.urlOf(scope.organization),
        lanes,
        answers: () => server.verify().catch(() => false),
        hand: (letter, attempts, cut) => handOver(server, scope, letter, { attempts, cut }),
        close: () => server.close(),
      };
    },
  });
}

export function makeLives({ lease }: Pick<DeliverDeps, 'lease'>): Lives {
  return {
    own: async () => (await lease()).id,
    dead: async (_scope, names) => (await lease()).dead([...names]),
  };
}
