// What is said of a party's colours: which can be read on which, and what is written instead where they cannot.
import { contrast, palette } from '../theme/look.ts';
import type { WholeLook } from '../theme/look-sheets.ts';

/** 4.5 : 1 is what WCAG 2.2 AA asks of text. */
const least = 4.5;

export interface Verdict {
  colour: 'accent' | 'second' | 'ink';
  hex: string;
  /** On the ground of the page. */
  isReadable: boolean;
  /** Key of the sentence, and what it needs. */
  sentence: string;
  params: Record<string, unknown>;
  /** What text on it, or in its place, is written in. */
  instead: string;
}

export function verdictsOn({ tokens }: WholeLook): Verdict[] {
  const { accent = '', ink = '', paper = '' } = tokens;
  const second = tokens['second'] || accent;
  const made = palette({ accent, second, ink, paper });
  const fill = (colour: 'accent' | 'second', hex: string): Verdict => {
    const ratio = contrast(hex, paper);
    const on = made[`on-${colour}`] ?? '';
    const link = made['accent-text'] ?? '';
    const isReadable = ratio >= least;
    const sentence = isReadable ? 'reads' : colour === 'accent' ? 'kept' : 'kept.second';
    const words = {
      ratio: told(ratio),
      on: told(contrast(on, hex)),
      white: String(on === '#ffffff'),
    };
    const params = { ...words, link, linkRatio: told(contrast(link, paper)) };
    return {
      colour,
      hex,
      isReadable,
      sentence: `look.said.${sentence}`,
      params,
      instead: on,
    };
  };
  return [
    fill('accent', accent),
    ...(second === accent ? [] : [fill('second', second)]),
    inkOn(ink, paper, made['ink'] ?? ''),
  ];
}

function inkOn(ink: string, paper: string, text: string): Verdict {
  const ratio = contrast(ink, paper);
  const isReadable = text === ink;
  const params = { ratio: told(ratio), text, textRatio: told(contrast(text, paper)) };
  const sentence = isReadable ? 'look.said.ink' : 'look.said.ink.instead';
  return { colour: 'ink', hex: ink, isReadable, sentence, params, instead: text };
}

/** Cut, not rounded: 4.48 is not 4.5. */
function told(ratio: number): number {
  return Math.floor(ratio * 10) / 10;
}
