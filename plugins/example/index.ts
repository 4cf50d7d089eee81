// The public face: what other plugins may hear from this one. Types, tokens and events only.

declare module 'rostra/plugin' {
  interface EventPayloads {
    'example.offer.made': { offerId: string };
  }
}

/** What the settings of plugin.json are, once read. */
export interface OfferSettings {
  openDays: number;
  hookSecret?: string;
}
