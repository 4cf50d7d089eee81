// A server that speaks what the fediverse speaks: a JRD as in RFC 7033, an actor as in ActivityPub.
import type { IncomingMessage, ServerResponse } from 'node:http';

export function fediverse(
  accounts: Record<string, (req: IncomingMessage, res: ServerResponse) => void>,
) {
  return (req: IncomingMessage, res: ServerResponse): void => {
    const url = new URL(req.url ?? '/', `http://${req.headers.host}`);
    const name = /^acct:([^@]+)@/.exec(url.searchParams.get('resource') ?? '')?.[1];
    const account = name ?? url.searchParams.get('acct') ?? url.pathname.split('/').at(-1) ?? '';
    const answer = accounts[account];
    if (!answer) return void res.writeHead(404).end();
    answer(req, res);
  };
}

export function person(name: string, summary = '<p>I plant trees.</p>', more: object = {}) {
  return (req: IncomingMessage, res: ServerResponse): void => {
    const base = `http://${req.headers.host}`;
    const id = `${base}/users/${name}`;
    if (req.url?.startsWith('/.well-known/webfinger')) return sendFinger(res, name, id, base);
    res.writeHead(200, { 'content-type': 'application/activity+json' }).end(
      JSON.stringify({
        '@context': 'https://www.w3.org/ns/activitystreams',
        id,
        type: 'Person',
        preferredUsername: name,
        name: 'Alex Rivera',
        summary,
        url: `${base}/@${name}`,
        icon: { type: 'Image', url: `${base}/avatar.png` },
        ...more,
      }),
    );
  };
}

function sendFinger(res: ServerResponse, name: string, id: string, base: string): void {
  res.writeHead(200, { 'content-type': 'application/jrd+json' }).end(
    JSON.stringify({
      subject: `acct:${name}@${new URL(base).host}`,
      aliases: [`${base}/@${name}`, id],
      links: [
        {
          rel: 'http://webfinger.net/rel/profile-page',
          type: 'text/html',
          href: `${base}/@${name}`,
        },
        { rel: 'self', type: 'application/activity+json', href: id },
        { rel: 'http://ostatus.org/schema/1.0/subscribe', template: `${base}/authorize?uri={uri}` },
      ],
    }),
  );
}
