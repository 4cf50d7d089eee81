// The text of an answer: without what does not show, and what was said apart from what was quoted.

/** Of a text, in signs. */
export const textMost = 20_000;

/** Signs that PostgreSQL refuses, that do not show, or that turn the line around for whoever reads it. */
const unseen =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;
/** What is left of a sign that was cut in two. */
const halves = /\p{Cs}/gu;

/** Of more lines; `most` signs. */
export function tidyText(text: string, most = textMost): string {
  return text
    .slice(0, 4 * most)
    .replace(/\r\n?/g, '\n')
    .replace(unseen, (sign) => (sign === '\n' || sign === '\t' ? sign : ''))
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
    .slice(0, most)
    .replace(halves, '');
}

export const tidyLine = (text: string, most: number): string =>
  text
    .slice(0, 4 * most)
    .replace(/\s+/g, ' ')
    .replace(unseen, '')
    .trim()
    .slice(0, most)
    .replace(halves, '');

export interface Parted {
  /** What they wrote themselves. */
  said: string;
  /** Whether there is more in the text than that. */
  hasMore: boolean;
}

/** Of a text that is tidy. */
export function parted(text: string): Parted {
  const lines = text.split('\n');
  const said: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (isQuoted(line)) continue;
    const lead = leadAt(lines, at);
    if (lead > 0) {
      // What stands below quotations is said: some write there.
      const next = lines.slice(at + lead).findIndex((one) => one.trim() !== '');
      if (next < 0 || !isQuoted(lines[at + lead + next] ?? '')) break;
      at += lead - 1;
      continue;
    }
    if (isBorder(lines, at)) break;
    said.push(line);
  }
  const own = said
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return { said: own, hasMore: own !== text.trim() };
}

const isQuoted = (line: string): boolean => /^\s{0,3}>/.test(line);

/** "On … wrote:" in the languages of the packs. */
const wrote =
  /^(?:on|le|am|el|il|em|op|den)\b.{5,400}(?:wrote|a écrit|schrieb|escribi[oó]|ha scritto|escreveu|schreef|skrev)\b.{0,80}:$/iu;
const begins = /^(?:on|le|am|el|il|em|op|den)\b/iu;

/** How many lines from there on say who wrote what follows; mail programs break them. */
function leadAt(lines: readonly string[], at: number): number {
  if (!begins.test((lines[at] ?? '').trim())) return 0;
  let all = '';
  for (let count = 1; count <= 4; count += 1) {
    const line = (lines[at + count - 1] ?? '').trim();
    if (line === '' || line.length > 300) return 0;
    all = `${all} ${line}`.trim();
    // With a day or an address in it: else somebody tells what somebody wrote.
    if (wrote.test(all) && /[\d@]/.test(all)) return count;
  }
  return 0;
}

const original =
  /^[-_ ]{3,}\s*(?:original message|message d['’]origine|message original|message transféré|forwarded message|ursprüngliche nachricht|mensaje original|messaggio originale|mensagem original)\s*[-_ ]*$/iu;
const field =
  /^\*?(?:from|de|von|da|van|sent|envoyé|gesendet|enviado|inviato|date|datum|fecha|data|to|à|an|para|a|cc|subject|objet|betreff|asunto|oggetto|assunto)\*?\s?\*?:/iu;
const first = /^\*?(?:from|de|von|da|van)\*?\s?\*?:/iu;

const longestBorder = 200;

/** Where another message begins: its head, as Outlook and others write it. */
function isBorder(lines: readonly string[], at: number): boolean {
  const line = (lines[at] ?? '').trim();
  if (line.length > longestBorder) return false;
  if (original.test(line)) return true;
  if (!first.test(line)) return false;
  const next = lines.slice(at + 1, at + 6).filter((one) => field.test(one.trim()));
  return next.length >= 2;
}
