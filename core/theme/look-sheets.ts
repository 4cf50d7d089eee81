// Stylesheets of the parties' looks, found again by the digest in their address.
import { createHash } from 'node:crypto';
import { type Asset, pack } from './assets.ts';
import { adminCss, type Dress, lookCss, type Tokens } from './look.ts';

export interface WholeLook {
  tokens: Tokens;
  dress: Dress;
}

export interface LookSheets {
  /** `/assets/look/<digest>/look.css` */
  address(look: WholeLook): string;
  /** The same for the admin, which wears the colours alone. */
  adminAddress(look: WholeLook): string;
  /** What the party wrote itself, if it did. */
  ownAddress(look: WholeLook): string | undefined;
  find(address: string): Promise<Asset> | undefined;
}

const type = 'text/css; charset=utf-8';
/** Each draft makes some; they are made again when asked for. More where more are worn. */
const mostKept = 500;

/** `all` gives the looks of every site, drafts too: another process may have drawn the page that asks. */
export function makeLookSheets(all: () => WholeLook[]): LookSheets {
  const addresses = new Map<string, string>();
  const sheets = new Map<string, { css: Buffer; packed?: Promise<Asset> }>();

  function keep(name: string, made: unknown, cssOf: () => string): string {
    const key = `${name} ${JSON.stringify(made)}`;
    const held = addresses.get(key);
    if (held && sheets.has(held)) return held;
    const css = Buffer.from(cssOf());
    const digest = createHash('sha256').update(css).digest('hex').slice(0, 12);
    const address = `/assets/look/${digest}/${name}.css`;
    if (sheets.size >= mostKept && sheets.size >= 6 * all().length) {
      for (const map of [addresses, sheets]) map.clear();
    }
    addresses.set(key, address);
    sheets.set(address, { css });
    return address;
  }

  /** Packed when it is first asked for: that takes longer than all the rest. */
  function read(address: string): Promise<Asset> | undefined {
    const sheet = sheets.get(address);
    if (!sheet) return undefined;
    sheet.packed ??= pack(sheet.css, { type, immutable: true });
    return sheet.packed;
  }

  const own: LookSheets = {
    address({ tokens, dress }) {
      const { headingFont, bodyFont, dark } = dress;
      const made = [tokens, headingFont, bodyFont, dark];
      return keep('look', made, () => lookCss(tokens, dress));
    },
    adminAddress: ({ tokens }) => keep('admin', tokens, () => adminCss(tokens)),
    ownAddress: ({ dress: { css } }) => (css ? keep('own', css, () => css) : undefined),
    find(wanted) {
      if (!/^\/assets\/look\/[0-9a-f]{12}\/(look|admin|own)\.css$/.test(wanted)) return undefined;
      if (!sheets.has(wanted)) {
        for (const look of all()) {
          for (const make of [own.address, own.adminAddress, own.ownAddress]) {
            // At once: with many chapters, making the next may let go of this one.
            if (make(look) === wanted) return read(wanted);
          }
        }
      }
      return read(wanted);
    },
  };
  return own;
}
