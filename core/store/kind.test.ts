import test from 'ava';
import {
  font,
  gifWithWords,
  jpeg,
  photograph,
  place,
  png,
  pngWithWords,
  svg,
  webpWithWords,
} from './fixture.ts';
import { examine } from './kind.ts';

const faultOf = (bytes: Buffer | string): string => {
  try {
    examine(Buffer.from(bytes));
    return 'none';
  } catch (error) {
    const { faults } = (error as { details: { faults: { message: string }[] } }).details;
    return faults[0]?.message.replace('store.fault.', '') ?? '';
  }
};

test('what a file is, its first bytes say', (t) => {
  t.like(examine(jpeg), { type: 'image/jpeg', extension: 'jpg', width: 8, height: 4 });
  t.like(examine(png), { type: 'image/png', width: 8, height: 4 });
  t.like(examine(webpWithWords()), { type: 'image/webp', width: 8, height: 4 });
  t.like(examine(gifWithWords()), { type: 'image/gif', width: 1, height: 1 });
  t.like(examine(font()), { kind: 'font', type: 'font/woff2', isVariable: true });
  t.is(faultOf('<!doctype html><script>alert(1)</script>'), 'unknown');
  t.is(faultOf('%PDF-1.7'), 'unknown');
  t.is(faultOf('\0\0\0 ftypavif'), 'avif');
});

const told: [string, Buffer][] = [
  ['a JPEG', photograph()],
  ['a PNG', pngWithWords()],
  ['a WebP', webpWithWords()],
  ['a GIF', gifWithWords()],
];

for (const [what, bytes] of told) {
  test(`${what} is kept without the place where it was taken`, (t) => {
    t.true(bytes.includes(place));
    t.false(examine(bytes).body.includes(place));
  });
}

test('a photograph held upright stays upright, and says nothing else', (t) => {
  const { body, width, height } = examine(photograph(6));
  t.deepEqual([width, height], [4, 8], 'as it is shown');
  t.is(body.indexOf('Exif'), 6);
  t.is(body.indexOf('Exif', 7), -1, 'the second picture is gone');
  t.deepEqual(body.subarray(-2), Buffer.from([0xff, 0xd9]));
  t.like(examine(photograph(1)), { width: 8, height: 4 });
  t.false(examine(photograph(1)).body.includes('Exif'));
});

test('a file that breaks off is told to be damaged, wherever it does', (t) => {
  const whole = [photograph(), pngWithWords(), webpWithWords(), gifWithWords(), font()];
  for (const bytes of whole) {
    for (let length = 16; length < Math.min(bytes.length, 700); length += 3) {
      t.regex(faultOf(bytes.subarray(0, length)), /^(broken|none)$/, String(length));
    }
  }
});

const runs: [string, string][] = [
  [svg('<script>alert(1)</script>'), 'svg.script'],
  [svg('<path d="M0 0"/>', ' onload="alert(1)"'), 'svg.script'],
  [svg('<foreignObject><p>x</p></foreignObject>'), 'svg.script'],
  [svg('<image href="https://elsewhere.example/x.png"/>'), 'svg.outside'],
  [svg('<use xlink:href="//elsewhere.example/x.svg#a"/>'), 'svg.outside'],
  [svg('<path fill="url(&#104;ttps://elsewhere.example/x)"/>'), 'svg.outside'],
  [svg('<style>@import "https://elsewhere.example/x.css";</style>'), 'svg.outside'],
  [svg('<style>path { fill: url(https://elsewhere.example/x) }</style>'), 'svg.outside'],
  [`<!DOCTYPE svg [<!ENTITY a "b">]>${svg('&a;')}`, 'svg.entity'],
  [svg('<path/>').slice(0, -4), 'broken'],
  [
    svg('<style><![CDATA[<a b="]]></style><script>alert(1)</script><style><![CDATA[">]]></style>'),
    'svg.script',
  ],
  [svg('<!-<?x?>- <a b="--<?x?>><script>alert(1)</script><!-- ">-->'), 'broken'],
  [svg('<a href="java&#x0a;script:alert(1)"><path/></a>'), 'svg.outside'],
  [svg('<style>@im&#112;ort "https://elsewhere.example/x.css"</style>'), 'svg.outside'],
  [svg('<style>@im<!-- -->port "https://elsewhere.example/x.css"</style>'), 'svg.outside'],
  [svg('<path fill="u\\72l(https://elsewhere.example/x)"/>'), 'svg.outside'],
  [svg('<path fill="u\\rl(https://elsewhere.example/x)"/>'), 'svg.outside'],
  [svg('<path a="<script>"/>'), 'broken'],
  [svg('<g><path/>'), 'broken'],
  [`${svg('<path/>')}<script>alert(1)</script>`, 'broken'],
];

for (const [text, fault] of runs) {
  test(`an SVG that does more than draw is refused: ${text.slice(0, 100)}`, (t) => {
    t.is(faultOf(text), fault);
  });
}

const long = 300_000;
const slow: [string, string][] = [
  ['comments', svg('<!--'.repeat(long))],
  ['metadata', svg('<metadata>'.repeat(long))],
  ['a name', svg(`<${'a'.repeat(long)}`)],
  ['an attribute', svg('', ` ${'a'.repeat(long)}`)],
  ['blanks', svg('', ` a${' '.repeat(long)}`)],
  ['a rule', svg(`<style>${'url('.repeat(long)}</style>`)],
];

for (const [what, text] of slow) {
  test(`an SVG that would hold the process up is read in a moment: ${what}`, (t) => {
    // The processor's time: the clock on the wall tells of others' work too.
    const start = process.cpuUsage();
    faultOf(text);
    t.true(process.cpuUsage(start).user < 2_000_000);
  });
}

test('a drawing in hundredths of a millimetre is no picture too wide, one without a side is none', (t) => {
  const sheet = svg('<path/>', ' width="210mm"').replace('0 0 160 40', '0 0 21000 29700');
  const { width, height } = examine(Buffer.from(sheet));
  t.deepEqual([width, height], [2828, 4000]);
  const flat = Buffer.from(png);
  flat.writeUInt32BE(0, 16);
  t.is(faultOf(flat), 'broken');
});

test('rules that a drawing program hid from XML stay rules', (t) => {
  const { body } = examine(
    Buffer.from(svg('<style><![CDATA[ a > b { fill: #f00 } ]]></style><path/>\n')),
  );
  t.regex(body.toString(), /<style> a &gt; b \{ fill: #f00 \} <\/style><path\/>/);
});

test('an SVG that draws is kept, with its size and without its author', (t) => {
  const head =
    '<?xml version="1.0"?><!-- by Zoé --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">';
  const inside =
    '<metadata>Zoé</metadata><defs><linearGradient id="g"/></defs><path fill="url(#g)"/><use href="#g"/>';
  const { body, width, height } = examine(Buffer.from(head + svg(inside)));
  t.false(body.includes('Zoé'));
  t.true(body.includes('url(#g)'));
  t.deepEqual([width, height], [160, 40]);
  t.like(examine(Buffer.from(svg('<path/>', ' width="320px" height="80"'))), { width: 320 });
});
