// The public face of social-match: where profiles can be looked for, and what it tells.
import { extensionPoint, type Scope } from 'rostra/plugin';

/** Whom a profile is looked for: what the person told for this, and no more. */
export interface Wanted {
  /** `user@host`, as the person named the account. */
  handle: string;
}

export interface FoundProfile {
  /** Which network, e.g. `fediverse`. */
  source: string;
  /** `user@host`. */
  handle: string;
  /** Where the profile can be seen: an http or https address. */
  address: string;
  /** Plain text. */
  name: string;
  /** Plain text. */
  biography: string;
}

/** A network that can be asked. It is asked only for a person who agreed to it, and outside of a transaction. */
export interface SocialSource {
  /** Profiles that may be the person's; none where there are none. Throws `unavailable` when it cannot tell. */
  find(scope: Scope, wanted: Wanted): Promise<FoundProfile[]>;
}
export const SocialSource = extensionPoint<SocialSource>('social-match.SocialSource');

declare module 'rostra/plugin' {
  interface EventPayloads {
    'social-match.candidate.confirmed': { personId: string; candidateId: string };
  }
}
