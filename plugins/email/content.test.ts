// The words of a letter: links, the reader's name, and what they may not be.
import test from 'ava';
import { faultsIn, isHref, linksOf, markedContent, piecesOf } from './content.ts';

const letter = (text: string, kind: 'paragraph' | 'button' = 'paragraph', href = '') => ({
  ...{ subject: 'Hello', preheader: '' },
  blocks: [{ kind, text, href }],
});
const faults = (content: Parameters<typeof faultsIn>[0]) =>
  faultsIn(content).map(({ path, message }) => `${path} ${message}`);

test('a line is words, links, the name and breaks', (t) => {
  t.deepEqual(piecesOf('Dear {{given name|friend}},\nread [this](https://a.example/b?c=d).'), [
    { kind: 'words', words: 'Dear ' },
    { kind: 'name', fallback: 'friend' },
    { kind: 'words', words: ',' },
    { kind: 'break' },
    { kind: 'words', words: 'read ' },
    { kind: 'link', words: 'this', href: 'https://a.example/b?c=d' },
    { kind: 'words', words: '.' },
  ]);
});

test('an address that is pasted into a sentence is a link, without what ends the sentence', (t) => {
  const link = (href: string) => ({ kind: 'link', words: href, href });
  t.deepEqual(piecesOf('See https://a.example/b?c=d, or (https://e.example/).'), [
    { kind: 'words', words: 'See ' },
    link('https://a.example/b?c=d'),
    { kind: 'words', words: ', or (' },
    link('https://e.example/'),
    { kind: 'words', words: ').' },
  ]);
  t.deepEqual(piecesOf('[https://a.example](https://b.example)'), [
    { kind: 'link', words: 'https://a.example', href: 'https://b.example' },
  ]);
  t.deepEqual(faults(letter('http://% and https:// and http.//a')), []);
});

test('its links to the party’s own site bear the mark of the send, pasted ones too', (t) => {
  const text = '[Here](/join) or https://p.example/join, not https://q.example/ or http://%';
  const content = { subject: '', preheader: '', blocks: [{ kind: 'paragraph', text, href: '' }] };
  const marked = markedContent(content as never, { site: 'https://p.example', mark: 'abc' });
  const { text: out = '' } = marked.blocks[0] ?? {};
  t.deepEqual(linksOf(marked), [
    '/join?tracking=abc',
    'https://p.example/join?tracking=abc',
    'https://q.example/',
  ]);
  t.true(out.includes('[https://p.example/join](https://p.example/join?tracking=abc), not'), out);
  t.true(out.endsWith('or http://%'), out);
});

test('markup stays words, and a link leads to a site, a mailbox, a telephone or a page of ours', (t) => {
  t.deepEqual(piecesOf('<b>x</b>'), [{ kind: 'words', words: '<b>x</b>' }]);
  t.true(['https://a.example', 'mailto:a@b.example', 'tel:+33', '/join'].every(isHref));
  t.false(['javascript:alert(1)', '//a.example', 'a.example', '', 'data:text/html,x'].some(isHref));
});

test('what a letter lacks is told beside it', (t) => {
  t.deepEqual(faults(letter('Hi')), []);
  t.deepEqual(faults({ ...letter('Hi'), subject: ' ' }), ['/subject email.fault.subject']);
  t.deepEqual(faults(letter(' ')), ['/blocks email.fault.empty']);
  t.deepEqual(faults(letter('[x](javascript:y)')), ['/text-0 email.fault.link']);
  t.deepEqual(faults(letter('{{prénom}}')), ['/text-0 email.fault.name']);
  t.deepEqual(faults(letter('Join', 'button')), ['/href-0 email.fault.href']);
});
