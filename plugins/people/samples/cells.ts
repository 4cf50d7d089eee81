// How a spreadsheet on Windows writes cells, and some towns to live in.

export const towns = [
  ...([
    ['69001', 'Lyon'],
    ['69100', 'Villeurbanne'],
    ['69200', 'Vénissieux'],
  ] as const),
  ...([
    ['59000', 'Lille'],
    ['59100', 'Roubaix'],
    ['44000', 'Nantes'],
  ] as const),
  ...([
    ['44600', 'Saint-Nazaire'],
    ['01000', 'Bourg-en-Bresse'],
    ['72220', 'Écommoy'],
  ] as const),
  ...([
    ['29200', 'Brest'],
    ['07110', 'Largentière'],
    ['97400', 'Saint-Denis'],
  ] as const),
] as const;

export function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Windows-1252, as a spreadsheet on Windows saves it. */
const windows: Record<string, number> = { '’': 0x92, œ: 0x9c, Œ: 0x8c, '€': 0x80, '…': 0x85 };

export function toWindows(text: string): Buffer {
  return Buffer.from(Array.from(text, (sign) => windows[sign] ?? sign.charCodeAt(0)));
}
