// The words of a letter: links, the reader's name, and what they may not be.
import test from 'ava';
import { faultsIn, isHref, piecesOf } from './content.ts';

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
