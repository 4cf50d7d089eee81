// The look: a theme's tokens with the party's own over them, as a stylesheet with computed contrast.

export type Tokens = Record<string, string>;

export interface Look {
  /** Id of the theme. */
  theme: string;
  /** Over the theme's own. */
  tokens?: Tokens;
  settings?: Record<string, unknown>;
  dress?: Dress;
}

export interface Picture {
  src: string;
  type: string;
  width: number;
  height: number;
}

/** A font of the party's own. */
export interface Letters {
  src: string;
  type: string;
  /** It holds every weight. */
  isVariable: boolean;
}

/** What the party gives beside colours and sizes. */
export interface Dress {
  /** For light ground, and for dark ground. */
  logo?: Picture;
  logoDark?: Picture;
  icon?: Picture;
  headingFont?: Letters;
  bodyFont?: Letters;
  /** `false`: the site has its light side only. */
  dark?: boolean;
  header?: Header;
  footer?: Footer;
  /** After every stylesheet of the theme, on the public site alone. */
  css?: string;
}
export interface Header {
  /** `accent`: a band in the main colour; `paper`: the ground of the page. */
  ground: 'accent' | 'paper';
  align: 'start' | 'center';
  /** Beside the logo. */
  showName: boolean;
  tagline?: string;
}
export interface Footer {
  align: 'start' | 'center';
  text?: string;
  links: { label: string; href: string }[];
}

/** What every theme starts from. `second` is `accent` where nobody says otherwise. */
export const defaultTokens: Tokens = {
  accent: '#1f4e8c',
  ink: '#1b1d22',
  paper: '#ffffff',
  font: 'system-ui, sans-serif',
  headingFont: 'system-ui, sans-serif',
  radius: '6px',
};

const colour = /^#[0-9a-f]{6}$/i;
export const colourTokens = ['accent', 'second', 'ink', 'paper'] as const;

/** The tokens that may stand in a stylesheet; what does not fit is left out. */
export function cleanTokens(tokens: Tokens): Tokens {
  return Object.fromEntries(Object.entries(tokens).filter(([name, value]) => isToken(name, value)));
}

export function isToken(name: string, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (colourTokens.some((one) => one === name)) return colour.test(value);
  return /^[a-z][A-Za-z]{0,30}$/.test(name) && /^[\w\s,.'"#%-]{1,200}$/.test(value);
}

/** Custom properties of a site, light and dark; `--on-accent` can be read on `--accent`, always. */
export function lookCss(tokens: Tokens, dress: Dress = {}): string {
  const { accent, second, ink, paper, ...rest } = withFonts(tokens, dress);
  const fixed = Object.entries(rest).map(([name, value]) => `  --${kebab(name)}: ${value};`);
  const light = [...fixed, scheme({ accent, second, ink, paper }), '}\n'].join('\n');
  if (dress.dark === false) return `${faces(dress)}:root {\n  color-scheme: light;\n${light}`;
  const dark = { ...night, paper: mix(night.paper, accent, 0.04) };
  return [
    `${faces(dress)}:root {\n  color-scheme: light dark;\n${light}`,
    '@media (prefers-color-scheme: dark) {\n  :root {',
    scheme({ accent, second, ...dark }),
    '  }\n}\n',
  ].join('\n');
}

/** For the admin, which has paper, ink and letters of its own: the party's colour alone, light and dark. */
export function adminCss(tokens: Tokens): string {
  const { accent } = withFonts(tokens, {});
  // Its buttons have no edge, so one that is as good as the ground is moved off it.
  const side = (ink: string, paper: string): string =>
    scheme({
      accent: contrast(accent, paper) >= 1.3 ? accent : mix(accent, ink, 0.25),
      ink,
      paper,
    });
  const dark = side(night.ink, night.paper);
  return `:root {\n${side('#1b1d22', '#ffffff')}\n}\n@media (prefers-color-scheme: dark) {\n  :root {\n${dark}\n  }\n}\n`;
}

const night = { ink: '#e9e7e2', paper: '#14161a' };

type Colours = { accent: string; second?: string; ink: string; paper: string };

function withFonts(tokens: Tokens, { headingFont, bodyFont }: Dress): Tokens & Colours {
  const all = { ...defaultTokens, ...cleanTokens(tokens) } as Tokens & Colours;
  const font = bodyFont ? `"Party text", ${all['font']}` : all['font'];
  const heading = headingFont ? `"Party headings", ${all['headingFont']}` : all['headingFont'];
  return { ...all, font: font ?? '', headingFont: heading ?? '' };
}

/**
 * `optional`: the text never moves once it stands, and the next page has the font from the browser. A font
 * with one weight is the bold one where it is for headings; in running text the browser makes the bold.
 */
function faces({ headingFont, bodyFont }: Dress): string {
  const face = (family: string, font: Letters | undefined, isAnyWeight: boolean): string => {
    if (!font || !/^\/uploads\/[\w.]+$/.test(font.src)) return '';
    const weight = font.isVariable || isAnyWeight ? '\n  font-weight: 100 900;' : '';
    return `@font-face {\n  font-family: "${family}";\n  src: url("${font.src}");${weight}\n  font-display: optional;\n}\n`;
  };
  return face('Party headings', headingFont, true) + face('Party text', bodyFont, false);
}

/** The colours of one scheme: the party's own stay as they are, and all that is text on them reaches AA. */
export function palette({ accent, second = accent, ink, paper }: Colours): Tokens {
  const text = textOn(paper, ink);
  const soft = mix(paper, text, 0.05);
  return {
    accent,
    'on-accent': onColour(accent),
    'accent-deep': deepened(accent),
    'accent-text': readable(accent, soft, text),
    second,
    'on-second': onColour(second),
    'second-deep': deepened(second),
    'second-edge': readable(second, paper, text, 3),
    ink: text,
    muted: readable(mix(text, paper, 0.35), soft, text),
    line: mix(paper, text, 0.16),
    edge: readable(mix(paper, text, 0.5), paper, text, 3),
    soft,
    paper,
    fault: readable('#b3261e', soft, text),
  };
}

function scheme(colours: Colours): string {
  const entries = Object.entries(palette(colours));
  return entries.map(([name, value]) => `  --${name}: ${value};`).join('\n');
}

/** The ink itself where it can be read, also on soft ground; else its nearest shade that can. */
function textOn(paper: string, ink: string): string {
  const end = onColour(paper);
  for (let part = 0; part < 1; part += 0.05) {
    const moved = mix(ink, end, part);
    if (contrast(moved, mix(paper, moved, 0.05)) >= 4.6) return moved;
  }
  return end;
}

function deepened(fill: string): string {
  return mix(fill, onColour(fill) === '#ffffff' ? '#000000' : '#ffffff', 0.14);
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
