// The fediverse: WebFinger (RFC 7033) leads from user@host to an ActivityPub actor, which is the profile.
import { Fetch, type FetchedText, type Get, type Scope, unavailable } from 'rostra/plugin';
import { hostOf } from '../handle.ts';
import type { FoundProfile, SocialSource, Wanted } from '../index.ts';
import { plainText } from './plain-text.ts';
import { type Account, type Actor, type Finger, isAccount, isActor, isFinger } from './shapes.ts';

const bounds = { timeout: 5_000, maxBytes: 256 * 1024 };
const activity = /^application\/(activity\+json|ld\+json)/;
const acceptActor =
  'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"';

export function makeFediverse(get: Get): SocialSource {
  const fetch = get(Fetch);
  return {
    async find(scope, wanted) {
      const finger = await askFinger(scope, fetch, wanted);
      const address = finger && actorAddress(finger);
      if (!address) return [];
      const found = await askActor(scope, fetch, wanted, address);
      return found ? [found] : [];
    },
  };
}

/** `undefined` when the host knows no such account. */
async function askFinger(
  scope: Scope,
  fetch: Fetch,
  { handle }: Wanted,
): Promise<Finger | undefined> {
  const host = hostOf(handle);
  const url = new URL(`${schemeOf(host)}://${host}/.well-known/webfinger`);
  url.searchParams.set('resource', `acct:${handle}`);
  const headers = { accept: 'application/jrd+json, application/json' };
  const answer = await fetch.text(scope, url.href, { ...bounds, headers });
  if (isNobody(answer)) return undefined;
  const finger = read(answer);
  if (!isFinger(finger)) throw unavailable(host);
  return finger;
}

function actorAddress({ links = [] }: Finger): string | undefined {
  const self = links.find(({ rel, type = '' }) => rel === 'self' && activity.test(type));
  return self?.href && URL.canParse(self.href) ? self.href : undefined;
}

async function askActor(
  scope: Scope,
  fetch: Fetch,
  wanted: Wanted,
  address: string,
): Promise<FoundProfile | undefined> {
  const answer = await fetch.text(scope, address, { ...bounds, headers: { accept: acceptActor } });
  // Servers that answer signed requests alone still show the account to everybody.
  if (answer.status === 401 || answer.status === 403) {
    return askAccount(scope, fetch, wanted, new URL(address));
  }
  if (isNobody(answer)) return undefined;
  const actor = read(answer);
  if (!isActor(actor)) throw unavailable(new URL(address).host);
  return profileOfActor(actor, wanted, answer.url);
}

/** A person's, not a group's or a machine's; and what it says of itself must lie where it was asked. */
function profileOfActor(
  actor: Actor,
  { handle }: Wanted,
  askedAt: string,
): FoundProfile | undefined {
  if (actor.type !== 'Person' || !isAt(actor.id, askedAt)) return undefined;
  const url = typeof actor.url === 'string' && isAt(actor.url, askedAt) ? actor.url : actor.id;
  return profile(handle, url, actor.name || actor.preferredUsername, actor.summary);
}

async function askAccount(
  scope: Scope,
  fetch: Fetch,
  wanted: Wanted,
  { origin, host }: URL,
): Promise<FoundProfile | undefined> {
  const url = new URL('/api/v1/accounts/lookup', origin);
  url.searchParams.set('acct', wanted.handle.slice(0, wanted.handle.indexOf('@')));
  const headers = { accept: 'application/json' };
  const answer = await fetch.text(scope, url.href, { ...bounds, headers });
  if (isNobody(answer)) return undefined;
  const account = read(answer);
  if (!isAccount(account)) throw unavailable(host);
  return profileOfAccount(account, wanted, answer.url);
}

function profileOfAccount(
  account: Account,
  { handle }: Wanted,
  askedAt: string,
): FoundProfile | undefined {
  if (account.bot || account.group || !isAt(account.url, askedAt)) return undefined;
  return profile(handle, account.url, account.display_name || account.username, account.note);
}

function profile(handle: string, address: string, name: string, html = ''): FoundProfile {
  return {
    source: 'fediverse',
    handle,
    address,
    name: plainText(name).slice(0, 200),
    biography: plainText(html).slice(0, 2_000),
  };
}

/** Where nobody is, says the host; any other trouble is not an answer to our question. */
function isNobody({ status }: FetchedText): boolean {
  return status === 404 || status === 410;
}

function read({ status, body, url }: FetchedText): unknown {
  const { host } = new URL(url);
  if (status !== 200) throw unavailable(host);
  try {
    return JSON.parse(body);
  } catch (error) {
    throw unavailable(host, error);
  }
}

function isAt(address: string, askedAt: string): boolean {
  if (!URL.canParse(address) || address.length > 2_000) return false;
  const { protocol, host } = new URL(address);
  return /^https?:$/.test(protocol) && host === new URL(askedAt).host;
}

/** Only this machine is spoken to in the clear, and only where the operator lets it be asked at all. */
function schemeOf(host: string): 'http' | 'https' {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host) ? 'http' : 'https';
}
