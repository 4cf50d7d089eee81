// The look: a theme's tokens with the party's own over them, as a stylesheet with computed contrast.

export type Tokens = Record<string, string>;

export interface Look {
  /** Id of the theme. */
  theme: string;
  /** Over the theme's own. */
  tokens?: Tokens;
  settings?: Record<string, unknown>;
}

/** What every theme starts from. */
export const defaultTokens: Tokens = {
  accent: '#1f4e8c',
  ink: '#1b1d22',
  paper: '#ffffff',
  font: 'system-ui, sans-serif',
  headingFont: 'system-ui, sans-serif',
  radius: '6px',
};

const colour = /^#[0-9a-f]{6}$/i;
const colourTokens = ['accent', 'ink', 'paper'];

/** The tokens that may stand in a stylesheet; what does not fit is left out. */
export function cleanTokens(tokens: Tokens): Tokens {
  return Object.fromEntries(Object.entries(tokens).filter(([name, value]) => isToken(name, value)));
}

export function isToken(name: string, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (colourTokens.includes(name)) return colour.test(value);
  return /^[a-z][A-Za-z]{0,30}$/.test(name) && /^[\w\s,.'"#%-]{1,200}$/.test(value);
}

/** Custom properties of a site, light and dark; `--on-accent` can be read on `--accent`, always. */
export function lookCss(tokens: Tokens): string {
  const { accent, ink, paper, ...rest } = { ...defaultTokens, ...cleanTokens(tokens) } as Tokens & {
    accent: string;
    ink: string;
    paper: string;
  };
  const night = mix('#14161a', accent, 0.04);
  const day = '#e9e7e2';
  const fixed = Object.entries(rest).map(([name, value]) => `  --${kebab(name)}: ${value};`);
  return [
    ':root {\n  color-scheme: light dark;',
    ...fixed,
    scheme(accent, ink, paper),
    '}\n@media (prefers-color-scheme: dark) {\n  :root {',
    scheme(accent, day, night),
    '  }\n}\n',
  ].join('\n');
}

/** The colours of one scheme: all that is text on them reaches AA. */
export function palette(accent: string, ink: string, paper: string): Tokens {
  const text = contrast(ink, paper) >= 7 ? ink : onColour(paper);
  const fill = contrast(accent, paper) >= 1.3 ? accent : mix(accent, text, 0.25);
  return {
    accent: fill,
    'on-accent': onColour(fill),
    'accent-deep': mix(fill, onColour(fill) === '#ffffff' ? '#000000' : '#ffffff', 0.14),
    'accent-text': readable(accent, mix(paper, text, 0.05), text),
    ink: text,
    muted: readable(mix(text, paper, 0.35), mix(paper, text, 0.05), text),
    line: mix(paper, text, 0.16),
    edge: readable(mix(paper, text, 0.5), paper, text, 3),
    soft: mix(paper, text, 0.05),
    paper,
    fault: readable('#b3261e', mix(paper, text, 0.05), text),
  };
}

function scheme(accent: string, ink: string, paper: string): string {
  const entries = Object.entries(palette(accent, ink, paper));
  return entries.map(([name, value]) => `  --${name}: ${value};`).join('\n');
}

/** Black or white, whichever is read better on it: one of them always reaches 4.5. */
export function onColour(surface: string): string {
  return contrast('#ffffff', surface) >= contrast('#000000', surface) ? '#ffffff' : '#000000';
}

/** WCAG 2.2 contrast of two colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** The colour, moved towards `text` until it can be read on `surface`. */
function readable(wish: string, surface: string, text: string, least = 4.6): string {
  for (let part = 0; part < 1; part += 0.05) {
    const moved = mix(wish, text, part);
    if (contrast(moved, surface) >= least) return moved;
  }
  return text;
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = channels(hex).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function mix(from: string, to: string, part: number): string {
  const target = channels(to);
  const mixed = channels(from).map((value, i) => value + ((target[i] ?? 0) - value) * part);
  return `#${mixed.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
}

function channels(hex: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
