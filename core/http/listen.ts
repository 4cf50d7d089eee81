// The node server with its bounds: nobody holds a line open by sending slowly.
import { createServer, type RequestListener, type Server } from 'node:http';

export interface Patience {
  /** For all headers of a request. */
  headersTimeout: number;
  /** For a whole request with its body; an import over a slow line must fit. */
  requestTimeout: number;
  /** How often the two are looked at. */
  connectionsCheckingInterval: number;
  keepAliveTimeout: number;
}
/** Longer than the minute for which proxies usually keep a line. */
export const keepAliveSeconds = 65;
const usual: Patience = {
  headersTimeout: 15_000,
  requestTimeout: 600_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: keepAliveSeconds * 1_000,
};

export function makeServer(handle: RequestListener, patience: Partial<Patience> = {}): Server {
  const options = { ...usual, ...patience, maxHeaderSize: 16 * 1024, noDelay: true };
  return createServer(options, handle);
}
