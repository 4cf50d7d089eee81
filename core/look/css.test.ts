import test from 'ava';
import { faultInCss } from './css.ts';
import { colourIn } from './form.ts';
import { verdictsOn } from './verdict.ts';

const refused: [string, string][] = [
  ['@import "x.css";', 'import'],
  ['@im\\70ort url(/uploads/x.css);', 'import'],
  ['/* */@IMPORT "x";', 'import'],
  ['a { background: url(https://elsewhere.example/x.png) }', 'outside'],
  ['a { background: url("//elsewhere.example/x.png") }', 'outside'],
  ['a { background: u\\72l(https://elsewhere.example/x.png) }', 'outside'],
  ['a { background: url(/**/https://elsewhere.example/x.png) }', 'outside'],
  ['a { background: image-set("https://elsewhere.example/x.png" 1x) }', 'outside'],
  [
    'a { background: image-set(url(/uploads/a.png) 1x, "//elsewhere.example/x.png" 2x) }',
    'outside',
  ],
  ['a { background: url(javascript:alert(1)) }', 'outside'],
  ['@font-face { src: url(https://elsewhere.example/x.woff2) }', 'outside'],
  ['a { content: "/*"; background: url(https://elsewhere.example/x); --b: "*/" }', 'outside'],
  ['a { color: red', 'open'],
  ['a { color: red } }', 'open'],
  ['a { color: red } /* to the end', 'none'],
];
for (const [css, fault] of refused) {
  test(`rules of one’s own: ${css}`, (t) => {
    t.is(faultInCss(css) ?? 'none', fault);
  });
}

test('rules that would hold the process up are read in a moment', (t) => {
  const start = performance.now();
  faultInCss(`image(${' '.repeat(49_000)}`);
  faultInCss(`image(${'\n'.repeat(49_000)}`);
  t.true(performance.now() - start < 1_000);
});

test('rules that load nothing from elsewhere are taken', (t) => {
  const css = `h1::before { content: "{  \\201C"; } a { background: url(/uploads/a.png), url(#b), url('data:image/png;base64,AA=='); }
    @media (min-width: 40rem) { .hero { color: var(--on-accent) } }`;
  t.is(faultInCss(css), undefined);
});

test('a colour is meant as it is written', (t) => {
  t.deepEqual(['#E30613', 'e31', ' #e30613 '].map(colourIn), ['#e30613', '#ee3311', '#e30613']);
  t.deepEqual(['red', '#12345', 'e30613; }'].map(colourIn), [undefined, undefined, undefined]);
});

test('what is said of a colour is true: kept, and what is written instead', (t) => {
  const tokens = { accent: '#ffd400', second: '#b00020', ink: '#aaaaaa', paper: '#ffffff' };
  const [accent, second, ink] = verdictsOn({ tokens, dress: {} });
  t.like(accent, {
    hex: '#ffd400',
    isReadable: false,
    instead: '#000000',
    sentence: 'look.said.kept',
  });
  t.like(accent?.params, { ratio: 1.4, on: 14.6, white: 'false' });
  t.true(Number(accent?.params['linkRatio']) >= 4.5);
  t.like(second, { isReadable: true, instead: '#ffffff' });
  t.like(ink, { isReadable: false, sentence: 'look.said.ink.instead' });
  t.true(Number(ink?.params['textRatio']) >= 4.5);
});
