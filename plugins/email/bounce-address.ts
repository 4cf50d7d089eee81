// An address of its own for each reader (VERP), which nobody else can make up: whither a letter comes back, and is answered.
import type { Scope, Seals } from 'rostra/plugin';

/** `retours@parti.example` and a recipient's key make `retours+<32 digits><16 digits>@parti.example`: 64 signs before the @. */
export async function markedAddress(
  scope: Scope,
  seals: Seals,
  mailbox: string,
  key: string,
): Promise<string> {
  const at = mailbox.lastIndexOf('@');
  const name = key.replaceAll('-', '');
  return `${mailbox.slice(0, at)}+${name}${await seals.mark(scope, name)}${mailbox.slice(at)}`;
}

/** The key of a recipient that stands in the text as a return path of ours, folded in whichever way. */
export async function keyIn(scope: Scope, seals: Seals, text: string): Promise<string | undefined> {
  const found = text
    .replace(/=\r?\n/g, '')
    .toLowerCase()
    .matchAll(/\+(?<name>[0-9a-f]{32})(?<mark>[0-9a-f]{16})@/g);
  for (const { groups } of [...found].slice(0, most)) {
    const { name = '', mark } = groups ?? {};
    if ((await seals.mark(scope, name)) === mark) return keyOf(name);
  }
  return undefined;
}

const most = 20;

/** As in the row. */
function keyOf(name: string): string {
  return name.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
