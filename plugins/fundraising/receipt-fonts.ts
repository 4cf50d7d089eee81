// Letters of a PDF. The package has a file for each script, so text is cut where another file takes over.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const resolve = createRequire(import.meta.url).resolve;
const scripts = [
  'latin',
  'latin-ext',
  'vietnamese',
  'greek',
  'greek-ext',
  'cyrillic',
  'cyrillic-ext',
];

export type Weight = 400 | 600;
export interface Run {
  font: string;
  text: string;
}

export interface FontFile {
  name: string;
  bytes: Buffer;
}

let files: Promise<FontFile[]> | undefined;

/** Read once: 14 small files. */
export function fontFiles(): Promise<FontFile[]> {
  files ??= Promise.all(
    scripts.flatMap((script) =>
      [400, 600].map(async (weight) => {
        const file = resolve(`@fontsource/inter/files/inter-${script}-${weight}-normal.woff`);
        return { name: `${script}-${weight}`, bytes: await readFile(file) };
      }),
    ),
  );
  return files;
}

/** What no file can write becomes a question mark. `has` says whether a font has a code point. */
export function runsOf(
  text: string,
  weight: Weight,
  has: (font: string, codePoint: number) => boolean,
): Run[] {
  const runs: Run[] = [];
  for (const sign of plain(text)) {
    const last = runs.at(-1);
    const fonts = scripts.map((script) => `${script}-${weight}`);
    // Spaces and signs stay with the letters before them: fewer cuts.
    const order = last ? [last.font, ...fonts] : fonts;
    const font = order.find((name) => has(name, sign.codePointAt(0) ?? 0));
    const run = { font: font ?? `latin-${weight}`, text: font ? sign : '?' };
    if (last && last.font === run.font) last.text += run.text;
    else runs.push(run);
  }
  return runs;
}

/** Accents in one sign with their letter, and no space that the fonts lack. */
function plain(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u202f\u2007\u2009]/g, '\u00a0')
    .replace(/\s+/g, keep);
}

function keep(spaces: string): string {
  return spaces === '\u00a0' ? spaces : ' ';
}
