/** As a browser reads it: `u\72l(` and `u\rl(` are `url(`. */
export function unescapeCss(css: string): string {
  return css
    .replace(/\\([0-9a-f]{1,6})\s?/gi, (_, code) => signOf(Number.parseInt(code, 16)))
    .replace(/\\(.)/g, '$1');
}

/** The sign of a code; nothing where there is none. */
export function signOf(code: number): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
}
