// The part of the public face that is about newsletters.
import { type Scope, token } from 'rostra/plugin';

export interface Newsletter {
  id: string;
  /** Whose it is: who writes to its subscribers. */
  organizationId: string;
  key: string;
  name: string;
  description: string;
}
export interface Newsletters {
  /** Those of the scope's organization and its ancestors. */
  list(scope: Scope): Promise<Newsletter[]>;
  /** Also one of those below it. */
  find(scope: Scope, id: string): Promise<Newsletter | undefined>;
  /** Those that the person gets: of the scope's organization, of those above and of those below it. */
  of(scope: Scope, personId: string): Promise<Newsletter[]>;
  subscribe(scope: Scope, personId: string, newsletterId: string): Promise<void>;
  unsubscribe(scope: Scope, personId: string, newsletterId: string): Promise<void>;
}
export const Newsletters = token<Newsletters>('people.Newsletters');
