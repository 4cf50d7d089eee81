// Turns the field of HTML into a sheet to write on; without this file the field itself works. The server cleans what is saved.

const signs = {
  bold: 'B',
  italic: 'I',
  h2: 'H2',
  h3: 'H3',
  text: '¶',
  ul: '•',
  ol: '1.',
  quote: '❝',
  rule: '—',
};
const blocks = { h2: 'h2', h3: 'h3', text: 'p', quote: 'blockquote' };
const lists = { ul: 'insertUnorderedList', ol: 'insertOrderedList' };
const plain = new Set([
  'P',
  'BR',
  'H2',
  'H3',
  'H4',
  'STRONG',
  'EM',
  'A',
  'UL',
  'OL',
  'LI',
  'BLOCKQUOTE',
  'HR',
  'CODE',
  'PRE',
  'IMG',
  'FIGURE',
  'FIGCAPTION',
  'TABLE',
  'THEAD',
  'TBODY',
  'TR',
  'TH',
  'TD',
  'SUP',
  'SUB',
  'ABBR',
]);
const renamed = { B: 'strong', I: 'em', DIV: 'p', H1: 'h2', H5: 'h4', H6: 'h4' };
const kept = {
  A: ['href', 'title'],
  IMG: ['src', 'alt', 'width', 'height'],
  TH: ['scope'],
  ABBR: ['title'],
};

/** The same text, in the few tags that a page may have. */
const tidy = (html) => {
  const from = new DOMParser().parseFromString(html, 'text/html').body;
  const to = document.createElement('div');
  copy(from, to);
  return to;
};

const copy = (from, to) => {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
    if (
      node.nodeType !== Node.ELEMENT_NODE ||
      /^(SCRIPT|STYLE|HEAD|TITLE|META)$/.test(node.tagName)
    )
      continue;
    const name = renamed[node.tagName] ?? (plain.has(node.tagName) ? node.tagName : undefined);
    const inner = name ? to.appendChild(document.createElement(name)) : to;
    for (const attribute of kept[node.tagName] ?? []) {
      if (node.hasAttribute(attribute)) inner.setAttribute(attribute, node.getAttribute(attribute));
    }
    copy(node, inner);
  }
};

const run = (command, value) => document.execCommand(command, false, value);

const apply = (tool, words, sheet) => {
  sheet.focus();
  if (blocks[tool]) return run('formatBlock', blocks[tool]);
  if (lists[tool]) return run(lists[tool]);
  if (tool === 'rule') return run('insertHorizontalRule');
  if (tool === 'unlink') return run('unlink');
  if (tool !== 'link') return run(tool);
  const address = window.prompt(words.address, 'https://');
  if (address && address !== 'https://') run('createLink', address.trim());
};

const dress = (root) => {
  const field = root.querySelector('textarea');
  const words = JSON.parse(root.dataset.words);
  const sheet = document.createElement('div');
  const label = root.querySelector('label');
  const bar = document.createElement('div');
  label.id = 'rich-label';
  Object.assign(bar, { className: 'rich-tools', role: 'toolbar', ariaLabel: words.tools });
  Object.assign(sheet, {
    className: 'rich-sheet',
    contentEditable: 'true',
    role: 'textbox',
    ariaMultiLine: 'true',
    tabIndex: 0,
  });
  sheet.setAttribute('aria-labelledby', label.id);
  const describedBy = field.getAttribute('aria-describedby');
  if (describedBy) sheet.setAttribute('aria-describedby', describedBy);
  const fill = () => sheet.replaceChildren(...tidy(field.value || '<p><br></p>').childNodes);
  const keep = () => {
    field.value =
      sheet.textContent.trim() === '' && !sheet.querySelector('img, hr')
        ? ''
        : tidy(sheet.innerHTML).innerHTML;
  };
  const isSource = () => !field.hidden;
  const turn = (button) => {
    if (isSource()) fill();
    else keep();
    field.hidden = isSource();
    sheet.hidden = !field.hidden;
    button.setAttribute('aria-pressed', String(isSource()));
    (isSource() ? field : sheet).focus();
  };
  for (const tool of [
    'bold',
    'italic',
    'h2',
    'h3',
    'text',
    'link',
    'unlink',
    'ul',
    'ol',
    'quote',
    'rule',
    'source',
  ]) {
    const button = document.createElement('button');
    const sign = document.createElement('span');
    const word = document.createElement('span');
    Object.assign(button, { type: 'button', title: words[tool] });
    Object.assign(sign, { textContent: signs[tool] ?? words[tool], ariaHidden: 'true' });
    Object.assign(word, { textContent: words[tool], className: 'hidden-text' });
    button.append(sign, word);
    if (tool === 'source') button.setAttribute('aria-pressed', 'false');
    // The sheet must not lose what is selected in it.
    button.addEventListener('mousedown', (event) => event.preventDefault());
    button.addEventListener('click', () => {
      if (tool === 'source') return turn(button);
      if (isSource()) return;
      apply(tool, words, sheet);
      keep();
    });
    bar.append(button);
  }
  sheet.addEventListener('input', keep);
  sheet.addEventListener('paste', (event) => {
    event.preventDefault();
    const html = event.clipboardData.getData('text/html');
    const text = event.clipboardData.getData('text/plain');
    if (html) run('insertHTML', tidy(html).innerHTML);
    else run('insertText', text);
  });
  field.closest('form').addEventListener('submit', () => {
    if (!isSource()) keep();
  });
  run('defaultParagraphSeparator', 'p');
  fill();
  field.hidden = true;
  const box = document.createElement('div');
  field.before(box);
  box.className = 'rich-box';
  box.append(bar, sheet, field);
};

for (const root of document.querySelectorAll('[data-rich]')) dress(root);
