// The few shapes that the generated reference is written in.

export const note = '*Generated from the code: do not edit. `npm run docs` writes it anew.*';

export function codeOf(text: string, language = 'ts'): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

export function table(heads: string[], rows: string[][]): string {
  if (rows.length === 0) return 'None.';
  const line = (cells: string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}

export function code(words: readonly string[] | string | undefined): string {
  return [words ?? []]
    .flat()
    .map((word) => `\`${word}\``)
    .join(', ');
}
