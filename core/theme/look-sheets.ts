// Stylesheets of the parties' looks, found again by the digest in their address.
import { createHash } from 'node:crypto';
import { type Asset, pack } from './assets.ts';
import { lookCss, type Tokens } from './look.ts';

export interface LookSheets {
  /** `/assets/look/<digest>/look.css` */
  address(tokens: Tokens): string;
  find(address: string): Promise<Asset> | undefined;
}

const type = 'text/css; charset=utf-8';

/** `all` gives the tokens of every site: another process may have drawn the page that asks. */
export function makeLookSheets(all: () => Tokens[]): LookSheets {
  const addresses = new Map<string, string>();
  const sheets = new Map<string, Promise<Asset>>();

  function address(tokens: Tokens): string {
    const key = JSON.stringify(tokens);
    const held = addresses.get(key);
    if (held) return held;
    const css = Buffer.from(lookCss(tokens));
    const digest = createHash('sha256').update(css).digest('hex').slice(0, 12);
    const made = `/assets/look/${digest}/look.css`;
    addresses.set(key, made);
    sheets.set(made, pack(css, { type, immutable: true }));
    return made;
  }

  return {
    address,
    find(wanted) {
      if (!/^\/assets\/look\/[0-9a-f]{12}\/look\.css$/.test(wanted)) return undefined;
      if (!sheets.has(wanted)) for (const tokens of all()) address(tokens);
      return sheets.get(wanted);
    },
  };
}
