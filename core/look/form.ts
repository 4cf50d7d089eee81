// The form of a look: what it asks, how it is filled, and what becomes of the answers.
import type { Static } from 'typebox';
import type { Scope } from '../scope.ts';
import { safeUrl } from '../theme/safe.ts';
import { Type } from '../type.ts';
import { type Choices, colours, type FileField, radii, usual } from './choices.ts';
import { faultInCss } from './css.ts';

const line = (maxLength: number) => Type.Optional(Type.String({ maxLength }));
const align = Type.Enum(['start', 'center'], { default: 'start' });
export const linkRows = [1, 2, 3, 4, 5, 6];

export const LookForm = Type.Object({
  revision: Type.Optional(Type.Integer({ minimum: 0 })),
  accent: line(30),
  second: line(30),
  ink: line(30),
  paper: line(30),
  radius: Type.Optional(Type.Enum([...radii])),
  dark: Type.Boolean(),
  headerGround: Type.Enum(['accent', 'paper'], { default: 'accent' }),
  headerAlign: align,
  headerName: Type.Boolean(),
  tagline: line(120),
  footerAlign: align,
  footerText: line(600),
  ...{ link1Label: line(60), link1Href: line(500), link2Label: line(60), link2Href: line(500) },
  ...{ link3Label: line(60), link3Href: line(500), link4Label: line(60), link4Href: line(500) },
  ...{ link5Label: line(60), link5Href: line(500), link6Label: line(60), link6Href: line(500) },
  css: line(50_000),
  /** Files that are to go. */
  without: Type.Array(Type.String()),
  /** Which view the preview shows. */
  view: line(200),
});
type Given = Static<typeof LookForm>;
type Words = Omit<Choices, FileField>;
export type Faults = Record<string, string>;

/** `#e30613`, `E30613` and `#e31` are all meant. */
export function colourIn(text: string): string | undefined {
  const digits = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(text.trim())?.[1]?.toLowerCase();
  if (digits === undefined) return undefined;
  const whole = digits.length === 3 ? [...digits].map((one) => one + one).join('') : digits;
  return `#${whole}`;
}

export function readForm(scope: Scope, given: Given): { words: Words; faults: Faults } {
  const faults: Faults = {};
  const chosen: Record<string, string | undefined> = {};
  for (const name of colours) {
    const text = given[name]?.trim();
    chosen[name] = text ? colourIn(text) : undefined;
    if (text && !chosen[name]) faults[name] = scope.t('look.fault.colour', { text });
  }
  const css = given.css?.trim() ?? '';
  const wrong = faultInCss(css);
  if (wrong) faults['css'] = scope.t(`look.fault.css.${wrong}`);
  const words: Words = {
    ...chosen,
    radius: given.radius,
    ...{ dark: given.dark, headerName: given.headerName, css },
    ...{ headerGround: given.headerGround as 'accent', headerAlign: given.headerAlign as 'start' },
    footerAlign: given.footerAlign as 'start',
    ...{ tagline: given.tagline?.trim() ?? '', footerText: given.footerText?.trim() ?? '' },
    links: linksIn(scope, given, faults),
  };
  return { words, faults };
}

function linksIn(scope: Scope, given: Given, faults: Faults) {
  const values = new Map(Object.entries(given));
  const at = (name: string): string => String(values.get(name) ?? '').trim();
  return linkRows.flatMap((n) => {
    const [label, href] = [at(`link${n}Label`), at(`link${n}Href`)];
    if (label === '' && href === '') return [];
    if (label === '') faults[`link${n}Label`] = scope.t('look.fault.link.label');
    if (!isElsewhere(href)) faults[`link${n}Href`] = scope.t('look.fault.link.href');
    return [{ label, href }];
  });
}

/** What is read over a line that anybody can change is no account of the party's. */
function isElsewhere(href: string): boolean {
  return URL.canParse(href) && new URL(href).protocol === 'https:' && safeUrl(href) !== '#';
}

/** What the fields show. */
export function valuesOf(chosen: Choices): Record<string, unknown> {
  const { links = [], ...rest } = { ...usual, ...chosen };
  const rows = links.flatMap(({ label, href }, n) => [
    [`link${n + 1}Label`, label],
    [`link${n + 1}Href`, href],
  ]);
  return { ...rest, ...Object.fromEntries(rows) };
}
