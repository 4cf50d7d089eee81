import test from 'ava';
import fc from 'fast-check';
import { cleanTokens, contrast, lookCss, onColour, palette } from './look.ts';
import { makeLookSheets } from './look-sheets.ts';

const colour = fc
  .tuple(fc.nat(255), fc.nat(255), fc.nat(255))
  .map((parts) => `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`);

test('contrast is measured as WCAG does', (t) => {
  t.is(contrast('#000000', '#ffffff'), 21);
  t.is(contrast('#777777', '#ffffff').toFixed(2), '4.48');
});

test('text on the party’s colour can be read, whatever the colour', (t) => {
  fc.assert(fc.property(colour, (accent) => contrast(onColour(accent), accent) >= 4.5));
  t.is(onColour('#ffd400'), '#000000');
  t.is(onColour('#17458f'), '#ffffff');
});

test('links, quiet words and faults reach AA on paper and on soft ground, whatever the colours', (t) => {
  const reads = (accent: string, ink: string, paper: string) => {
    const colours = palette({ accent, ink, paper });
    const texts = ['ink', 'accent-text', 'muted', 'fault'];
    const grounds = ['paper', 'soft'];
    return (
      contrast(colours['on-accent'] ?? '', colours.accent ?? '') >= 4.5 &&
      texts.every((text) =>
        grounds.every((ground) => contrast(colours[text] ?? '', colours[ground] ?? '') >= 4.5),
      )
    );
  };
  fc.assert(fc.property(colour, (accent) => reads(accent, '#1b1a18', '#ffffff')));
  fc.assert(fc.property(colour, (accent) => reads(accent, '#e9e7e2', '#14161a')));
  t.true(reads('#888888', '#000000', '#ffffff'));
});

test('what is no colour and no font never reaches the stylesheet', (t) => {
  const tokens = {
    accent: 'red; } body { display: none',
    ink: '#222222',
    font: "'Inter', sans-serif",
    radius: '1px} @import url(x)',
    'a}b': 'x',
  };
  t.deepEqual(cleanTokens(tokens), { ink: '#222222', font: "'Inter', sans-serif" });
  t.notRegex(lookCss(tokens), /display: none|@import/);
});

test('the look has a light and a dark side', (t) => {
  const css = lookCss({ accent: '#17458f' });
  t.is(css.match(/--on-accent: /g)?.length, 2);
  t.regex(css, /prefers-color-scheme: dark/);
});

test('however many chapters have a look of their own, each finds its stylesheet in every process', async (t) => {
  const looks = Array.from({ length: 300 }, (_, n) => ({
    tokens: { accent: `#${String(100_000 + n)}` },
    dress: { css: `body { order: ${n} }` },
  }));
  const drawn = makeLookSheets(() => looks);
  const asked = makeLookSheets(() => looks);
  const lost = looks.filter((look) => !asked.find(drawn.address(look)));
  t.is(lost.length, 0);
  const [first] = looks;
  const { body } = (first && (await asked.find(drawn.address(first)))) ?? {};
  t.regex(String(body), /--accent: #100000;/);
});
