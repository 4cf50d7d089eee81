// The channels that are on, by their id.
import { type Offer, type Scope, unavailable } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { ChannelInfo, OutreachChannel } from './index.ts';

export interface Channel extends Offer<OutreachChannel> {
  info: ChannelInfo;
}

export async function channelsOf(scope: Scope, deps: Deps): Promise<Channel[]> {
  const offers = deps.channelsOn(scope);
  return Promise.all(
    offers.map(async (offer) => ({ ...offer, info: await offer.service.describe(scope) })),
  );
}

export async function findChannel(scope: Scope, deps: Deps, id: string) {
  return (await channelsOf(scope, deps)).find(({ info }) => info.id === id);
}

export async function channelOf(scope: Scope, deps: Deps, id: string): Promise<Channel> {
  const found = await findChannel(scope, deps, id);
  if (!found) throw unavailable(`the channel ${id}`, undefined);
  return found;
}
