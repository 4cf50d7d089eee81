// Whether a font holds every weight: then a browser need not make its bold out of the regular.

/** WOFF2 names the tables that are usual by number; `fvar` is 47, 63 says that the name follows. */
export function isVariableFont(bytes: Buffer, type: string): boolean {
  try {
    return type === 'font/woff2' ? hasAxesPacked(bytes) : hasAxes(bytes, type === 'font/woff');
  } catch {
    return false;
  }
}

function hasAxes(bytes: Buffer, isWoff: boolean): boolean {
  const [first, step] = isWoff ? [44, 20] : [12, 16];
  const tables = bytes.readUInt16BE(isWoff ? 12 : 4);
  const names = Array.from({ length: tables }, (_, n) => {
    const at = first + n * step;
    return bytes.toString('latin1', at, at + 4);
  });
  return names.includes('fvar');
}

function hasAxesPacked(bytes: Buffer): boolean {
  let at = 48;
  const number = (): void => {
    while ((bytes[at] ?? 0) & 0x80) at += 1;
    at += 1;
  };
  for (let n = bytes.readUInt16BE(12); n > 0; n -= 1) {
    const flags = bytes[at] ?? 0;
    at += 1;
    const known = flags & 0x3f;
    const name = known === 63 ? bytes.toString('latin1', at, at + 4) : '';
    if (known === 63) at += 4;
    if (known === 47 || name === 'fvar') return true;
    number();
    // glyf (10) and loca (11) are transformed unless they say 3, the others only if they say so.
    const version = flags >> 6;
    const isTransformed = known === 10 || known === 11 ? version !== 3 : version !== 0;
    if (isTransformed) number();
  }
  return false;
}
