// Outgoing HTTP: bounded in time and size, and never to an address inside the house.
import { type LookupAddress, lookup, promises } from 'node:dns';
import { type ClientRequestArgs, type IncomingMessage, request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Config } from './config.ts';
import type { DemoMark } from './demo/mark.ts';
import { unavailable } from './errors.ts';
import type { Dial, Fetch, FetchedText, FetchOptions } from './services.ts';

export interface FetchDeps {
  config: Pick<Config, 'url'>;
  /** Hosts (`host` or `host:port`) that may be private: peers of tests, services of the operator. */
  allowPrivate?: readonly string[];
  /** While an invented party is here nothing is asked of anybody: its people may have namesakes. */
  demo?: Pick<DemoMark, 'current'>;
}

const usualTimeout = 10_000;
const usualBytes = 1024 * 1024;
const mostRedirects = 5;
const redirects = [301, 302, 303, 307, 308];

export function makeFetch(deps: FetchDeps): () => Fetch {
  const fetch: Fetch = {
    async text(_scope, url, options = {}) {
      if (deps.demo?.current()) throw unavailable(hostOf(url), new Error('A demo is here.'));
      const signal = AbortSignal.timeout(options.timeout ?? usualTimeout);
      try {
        return await follow(deps, url, { ...options, signal });
      } catch (error) {
        throw unavailable(hostOf(url), error);
      }
    },
  };
  return () => fetch;
}

type Ask = FetchOptions & { signal: AbortSignal };

async function follow(deps: FetchDeps, first: string, options: Ask): Promise<FetchedText> {
  let url = new URL(first);
  let ask = options;
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const answer = await once(deps, url, ask);
    const { location } = answer.headers;
    if (!redirects.includes(answer.status) || !location) return answer;
    const next = new URL(location, url);
    ask = redirected(ask, answer.status, next.origin !== url.origin);
    url = next;
  }
  throw new Error('It redirects too often.');
}

/** What goes along: a POST becomes a GET unless told otherwise, credentials stay with who got them. */
function redirected(ask: Ask, status: number, leaves: boolean): Ask {
  const keepsBody = status === 307 || status === 308;
  const headers = Object.entries(ask.headers ?? {}).filter(
    ([name]) => !leaves || !/^(authorization|cookie|x-api-key)$/i.test(name),
  );
  const rest = { ...ask, headers: Object.fromEntries(headers) };
  return keepsBody ? rest : { ...rest, method: 'GET', body: undefined };
}

function once(deps: FetchDeps, url: URL, ask: Ask): Promise<FetchedText> {
  if (!/^https?:$/.test(url.protocol)) throw new Error('Only http and https are spoken.');
  if (url.username || url.password) throw new Error('An address may hold no password.');
  const mayBePrivate = isAllowed(deps, url);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) && !mayBePrivate && !isPublic(host)) throw new Error(privateMessage);
  const options: ClientRequestArgs = {
    method: ask.method ?? 'GET',
    headers: {
      'user-agent': `Rostra (+${deps.config.url})`,
      accept: '*/*',
      ...ask.headers,
      // Unpacking would let a small answer become a large one.
      'accept-encoding': 'identity',
    },
    agent: false,
    signal: ask.signal,
    lookup: mayBePrivate ? undefined : lookupPublic,
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? secure : plain;
    const request = send(url, options, (response) => {
      read(response, ask.maxBytes ?? usualBytes).then(
        (body) => resolve({ ...headOf(response), body, url: url.href }),
        reject,
      );
    });
    request.on('error', reject);
    request.end(ask.body);
  });
}

const privateMessage = 'The address is not a public one.';

/** At the moment of connecting, so that a name cannot be public when asked and private when used. */
const lookupPublic: NonNullable<ClientRequestArgs['lookup']> = (host, options, answer) => {
  lookup(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return answer(error, '', 0);
    const [first] = addresses;
    if (!first || !addresses.every(({ address }) => isPublic(address))) {
      return answer(new Error(privateMessage), '', 0);
    }
    if (options.all) return answer(null, addresses);
    answer(null, first.address, first.family);
  });
};

/** Neither this machine nor its network, nor a tunnel to one. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return ipaddr.process(address).range() === 'unicast';
}

/** Whether all that a name stands for is public; one that stands for nothing is not. */
export async function isPublicHost(name: string): Promise<boolean> {
  try {
    const found = await promises.lookup(name.replace(/^\[|\]$/g, ''), { all: true });
    return found.length > 0 && found.every(({ address }) => isPublic(address));
  } catch {
    return false;
  }
}

export function makeDial({ allowPrivate = [], demo }: Omit<FetchDeps, 'config'>): Dial {
  return {
    async address(_scope, host, port) {
      if (demo?.current()) throw unavailable(host, new Error('A demo is here.'));
      try {
        const found = await promises.lookup(host.replace(/^\[|\]$/g, ''), { all: true });
        const [first] = found;
        const may = allowPrivate.includes(host) || allowPrivate.includes(`${host}:${port}`);
        if (!first || !(may || found.every(({ address }) => isPublic(address)))) {
          throw new Error(privateMessage);
        }
        return first.address;
      } catch (error) {
        throw unavailable(host, error);
      }
    },
  };
}

function isAllowed({ allowPrivate = [] }: FetchDeps, url: URL): boolean {
  return allowPrivate.includes(url.hostname) || allowPrivate.includes(url.host);
}

async function read(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      response.destroy();
      throw new Error(`The answer is longer than ${maxBytes} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function headOf({ statusCode = 0, headers }: IncomingMessage) {
  const flat = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]);
  return { status: statusCode, headers: Object.fromEntries(flat) as Record<string, string> };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : 'an address that is none';
}
