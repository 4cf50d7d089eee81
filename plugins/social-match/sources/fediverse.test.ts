import type { IncomingMessage, ServerResponse } from 'node:http';
import test, { type ExecutionContext } from 'ava';
import { isAppError } from 'rostra/plugin';
import { type App, makeApp, makePeer, type Peer, type Test } from 'rostra/testing';
import { SocialSource } from '../index.ts';
import { fediverse, person } from './fediverse.fixture.ts';

interface World {
  app: App;
  peer: Peer;
  find(name: string): Promise<object[] | string>;
}

let world: Promise<World> | undefined;
const accounts: Parameters<typeof fediverse>[0] = {};

/** One server and one peer for all tests of this file; each puts its account there. */
function worldOf(t: ExecutionContext): Promise<World> {
  world ??= open({ teardown: (end) => void ends.push(end) });
  t.timeout(60_000);
  return world;
}
const ends: (() => unknown)[] = [];
test.after.always(async () => {
  for (const end of ends.reverse()) await end();
});

async function open(t: Test): Promise<World> {
  const peer = await makePeer(t, fediverse(accounts));
  const app = await makeApp(t, { jurisdiction: 'us', allowPrivate: [peer.host] });
  const [source] = app.get('social-match').many(SocialSource)(app.scope());
  return {
    app,
    peer,
    async find(name) {
      try {
        return (await source?.service.find(app.scope(), { handle: `${name}@${peer.host}` })) ?? [];
      } catch (error) {
        return isAppError(error) ? error.code : String(error);
      }
    },
  };
}

test.serial('an account is found by WebFinger and its actor', async (t) => {
  const { find, peer } = await worldOf(t);
  accounts['alex'] = person(
    'alex',
    '<p>I plant <a href="https://x.example">trees</a><br>&amp; bees.</p>',
  );
  const handle = `alex@${peer.host}`;
  t.deepEqual(await find('alex'), [
    {
      source: 'fediverse',
      handle,
      address: `${peer.url}/@alex`,
      name: 'Alex Rivera',
      biography: 'I plant trees\n& bees.',
    },
  ]);
  t.deepEqual(peer.asked, [
    `/.well-known/webfinger?resource=${encodeURIComponent(`acct:${handle}`)}`,
    '/users/alex',
  ]);
});

test.serial(
  'a server that answers signed requests alone is asked for the public account',
  async (t) => {
    const { find, peer } = await worldOf(t);
    accounts['shy'] = (req, res) => {
      if (req.url?.startsWith('/users/')) return void res.writeHead(401).end();
      if (!req.url?.startsWith('/api/v1/accounts/lookup')) return person('shy')(req, res);
      const url = `${peer.url}/@shy`;
      const account = {
        id: '1',
        username: 'shy',
        acct: 'shy',
        display_name: '',
        note: '<p>Hi</p>',
      };
      res.end(JSON.stringify({ ...account, bot: false, url, avatar: `${peer.url}/a.png` }));
    };
    const found = await find('shy');
    t.like(found, [{ name: 'shy', biography: 'Hi', address: `${peer.url}/@shy` }]);
  },
);

test.serial(
  'nobody is found where the host knows nobody, a machine, or another host’s account',
  async (t) => {
    const { find } = await worldOf(t);
    accounts['bot'] = person('bot', '', { type: 'Service' });
    accounts['liar'] = person('liar', '', { id: 'https://elsewhere.example/users/liar' });
    accounts['plain'] = (_req, res) =>
      void res.end(JSON.stringify({ subject: 'acct:plain@x', links: [] }));
    for (const name of ['nobody', 'bot', 'liar', 'plain']) t.deepEqual(await find(name), [], name);
  },
);

test.serial(
  'a profile that points elsewhere is shown by the address that it was found at',
  async (t) => {
    const { find, peer } = await worldOf(t);
    accounts['sly'] = person('sly', '', { url: 'javascript:alert(1)' });
    t.like(await find('sly'), [{ address: `${peer.url}/users/sly` }]);
  },
);

const troubles: Record<string, (req: IncomingMessage, res: ServerResponse) => void> = {
  'garbage instead of JSON': (_req, res) => void res.end('<html>'),
  'JSON of another shape': (_req, res) => void res.end('{"links":"none"}'),
  'more than is read': (_req, res) => void res.end(`{"subject":"${'x'.repeat(300 * 1024)}"}`),
  'a server that fails': (_req, res) => void res.writeHead(502).end(),
  'a server that never answers': () => {},
};

for (const [what, answer] of Object.entries(troubles)) {
  test.serial(`no answer is told from nobody: ${what}`, async (t) => {
    const { find } = await worldOf(t);
    accounts['trouble'] = answer;
    t.is(await find('trouble'), 'core.unavailable');
  });
}

test.serial('no private address is asked, neither by a redirect nor as an actor', async (t) => {
  const { find } = await worldOf(t);
  const secret = await makePeer(t, person('inside'));
  accounts['redirect'] = (_req, res) =>
    void res.writeHead(302, { location: `${secret.url}/users/inside` }).end();
  const href = `${secret.url}/users/inside`;
  const links = [{ rel: 'self', type: 'application/activity+json', href }];
  accounts['actor'] = (_req, res) => void res.end(JSON.stringify({ links }));
  for (const name of ['redirect', 'actor']) t.is(await find(name), 'core.unavailable', name);
  t.deepEqual(secret.asked, []);
});
