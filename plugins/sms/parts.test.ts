// How many parts a text has, by hand from the two tables of the standard.
import test from 'ava';
import { countParts, isPlain, plainly } from './parts.ts';

const table: [
  what: string,
  text: string,
  alphabet: string,
  units: number,
  parts: number,
  left: number,
][] = [
  ['nothing', '', 'gsm7', 0, 1, 160],
  ['160 letters', 'a'.repeat(160), 'gsm7', 160, 1, 0],
  ['161 letters', 'a'.repeat(161), 'gsm7', 161, 2, 145],
  ['306 letters', 'a'.repeat(306), 'gsm7', 306, 2, 0],
  ['307 letters', 'a'.repeat(307), 'gsm7', 307, 3, 152],
  ['80 euros', '€'.repeat(80), 'gsm7', 160, 1, 0],
  ['81 euros: 76 a part, for none is torn apart', '€'.repeat(81), 'gsm7', 162, 2, 143],
  ['accents of the basic alphabet', 'é à è ù ì ò Ç ñ ü ß', 'gsm7', 19, 1, 141],
  ['a line of Windows is one sign', 'a\r\nb', 'gsm7', 3, 1, 157],
  ['a cedilla', 'ça', 'ucs2', 2, 1, 68],
  ['70 of sixteen bits', 'ê'.repeat(70), 'ucs2', 70, 1, 0],
  ['71 of sixteen bits', 'ê'.repeat(71), 'ucs2', 71, 2, 63],
  ['35 faces', '😀'.repeat(35), 'ucs2', 70, 1, 0],
  ['36 faces: 33 a part', '😀'.repeat(36), 'ucs2', 72, 2, 61],
];

for (const [what, text, alphabet, units, parts, left] of table) {
  test(`${what}: ${parts} of ${alphabet}`, (t) => {
    t.like(countParts(text), { alphabet, units, parts, left });
  });
}

test('the sign that needs sixteen bits is named', (t) => {
  t.is(countParts('Venez à la fête').odd, 'ê');
  t.is(countParts('Venez 😀').odd, '😀');
  t.is(countParts('Venez'.padEnd(10)).odd, undefined);
});

test('a name keeps what it can of its accents', (t) => {
  t.is(plainly('François'), 'Francois');
  t.is(plainly('Zoë'), 'Zoe');
  t.is(plainly('Éléonore'), 'Éléonore');
  t.is(plainly('D’Arc'), "D'Arc");
  t.true(isPlain(plainly('Anaïs')));
  t.false(isPlain(plainly('Ольга')));
});
