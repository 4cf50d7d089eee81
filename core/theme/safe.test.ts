import test from 'ava';
import { cleanHtml, richText, safeUrl } from './safe.ts';

test('what an editor wrote keeps its shape and loses what runs or dresses itself', (t) => {
  const clean = (html: string) => cleanHtml(html).html;
  t.is(clean('<h2>Un</h2><p>deux <em>trois</em></p>'), '<h2>Un</h2><p>deux <em>trois</em></p>');
  t.is(clean('<p style="color:red" onclick="x()">a</p>'), '<p>a</p>');
  t.is(clean('<script>alert(1)</script><style>p{}</style>b'), 'b');
  t.is(clean('<a href="javascript:alert(1)">c</a>'), '<a>c</a>');
  t.is(clean('<a href="//evil.example">d</a>'), '<a>d</a>');
  t.is(clean('<img src="/a.png" onerror="x()" alt="e">'), '<img src="/a.png" alt="e" />');
  t.is(clean('<iframe src="https://x.example"></iframe><form>f</form>'), 'f');
});

test('a link leads to the web, to mail, to a telephone or into the site, nowhere else', (t) => {
  for (const url of [
    'https://a.example/?x=1',
    'http://a.example',
    'mailto:a@b.example',
    'tel:+331',
    '/a',
    '#b',
    '/',
  ]) {
    t.is(safeUrl(url), url);
  }
  const refused = [
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'evil',
    '',
  ];
  for (const url of refused) t.is(safeUrl(url), '#', url);
});

test('a table moves within itself and a picture waits until it is near', (t) => {
  const shown = richText('<table onclick="x"><tr><td>1</td></tr></table><img src="/a.png" alt="">');
  t.is(
    shown.html,
    '<div class="table-scroll" tabindex="0"><table><tr><td>1</td></tr></table></div><img loading="lazy" decoding="async" src="/a.png" alt="" />',
  );
  t.is(cleanHtml(shown.html).html, '<table><tr><td>1</td></tr></table><img src="/a.png" alt="" />');
});
