// What a party chose for its look, and the look that these choices make with those above them.
import { isDeepStrictEqual } from 'node:util';
import { colourTokens, type Dress, type Letters, type Look, type Picture } from '../theme/look.ts';

/** One that is left out is as above. */
export interface Choices {
  accent?: string;
  second?: string;
  ink?: string;
  paper?: string;
  radius?: string;
  logo?: Picture & Kept;
  logoDark?: Picture & Kept;
  icon?: Picture & Kept;
  headingFont?: Letters & Kept;
  bodyFont?: Letters & Kept;
  dark?: boolean;
  headerGround?: 'accent' | 'paper';
  headerAlign?: 'start' | 'center';
  headerName?: boolean;
  tagline?: string;
  footerAlign?: 'start' | 'center';
  footerText?: string;
  links?: { label: string; href: string }[];
  css?: string;
}

/** Of a file: its row in the store, and how its owner named it. */
export interface Kept {
  upload: string;
  name: string;
}

export const fileFields = ['logo', 'logoDark', 'icon', 'headingFont', 'bodyFont'] as const;
export type FileField = (typeof fileFields)[number];
export const colours = colourTokens;
export const radii = ['0px', '4px', '8px', '16px'] as const;

/** What stands where nobody chose, colours and radius apart: those are the theme's. */
export const usual = {
  dark: true,
  headerGround: 'accent',
  headerAlign: 'start',
  headerName: false,
  tagline: '',
  footerAlign: 'start',
  footerText: '',
  links: [],
  css: '',
} satisfies Choices;

export function lookOf(theme: string, chosen: Choices): Look {
  const { accent, second, ink, paper, radius } = chosen;
  const tokens = Object.entries({ accent, second, ink, paper, radius }).filter(
    (entry): entry is [string, string] => Boolean(entry[1]),
  );
  return { theme, tokens: Object.fromEntries(tokens), dress: dressOf(chosen) };
}

function dressOf(chosen: Choices): Dress {
  const { headerGround, headerAlign, headerName, tagline } = { ...usual, ...chosen };
  const { footerAlign, footerText, links, dark, css } = { ...usual, ...chosen };
  const { logo, logoDark, icon, headingFont, bodyFont } = chosen;
  return {
    ...{ logo, logoDark, icon, headingFont, bodyFont, dark },
    header: {
      ground: headerGround,
      align: headerAlign,
      showName: headerName,
      tagline: tagline || undefined,
    },
    footer: { align: footerAlign, text: footerText || undefined, links },
    css: css || undefined,
  };
}

/** Only what differs from above is kept, so that a change above is still worn below. */
export function ownOf(chosen: Choices, above: Choices): Choices {
  const base = new Map(Object.entries({ ...usual, ...above }));
  const own = Object.entries(chosen).filter(
    ([name, value]) => value !== undefined && !isDeepStrictEqual(value, base.get(name)),
  );
  return Object.fromEntries(own);
}

/** Ids of the uploads that these choices wear. */
export function uploadsIn(chosen: Choices): string[] {
  return fileFields.flatMap((field) => chosen[field]?.upload ?? []);
}
