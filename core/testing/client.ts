// A browser without scripts: keeps cookies, sends forms as a page of the site would.
export interface Answer {
  status: number;
  headers: Headers;
  body: string;
  /** Where a redirect leads, as a path. */
  location: string | undefined;
}

export interface Client {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Sends a form; a redirect is answered, not followed. */
  post(
    path: string,
    form: Record<string, string | string[]> | FormData,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  ask(method: string, path: string, init?: RequestInit): Promise<Answer>;
  cookies: Map<string, string>;
}

export function makeClient(url: string, session?: string): Client {
  const cookies = new Map<string, string>();
  if (session) cookies.set('rostra', session);

  async function ask(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = new Headers(init.headers);
    if (cookie) headers.set('Cookie', cookie);
    const response = await fetch(new URL(path, url), {
      ...init,
      method,
      headers,
      redirect: 'manual',
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      if (/max-age=0/i.test(line)) cookies.delete(pair.slice(0, at));
      else cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return {
      status: response.status,
      headers: response.headers,
      body: await response.text(),
      location: response.headers.get('Location') ?? undefined,
    };
  }

  return {
    cookies,
    ask,
    get: (path, headers) => ask('GET', path, { headers }),
    post: (path, form, headers) =>
      ask('POST', path, {
        body: form instanceof FormData ? form : encode(form),
        headers: { Origin: url, 'Sec-Fetch-Site': 'same-origin', ...headers },
      }),
  };
}

function encode(form: Record<string, string | string[]>): URLSearchParams {
  const encoded = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) {
    for (const one of [value].flat()) encoded.append(name, one);
  }
  return encoded;
}
