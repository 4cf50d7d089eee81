import test from 'ava';
import { makeThemes } from './fixture.ts';
import { inlineStyles, toText } from './mail.ts';

const files = {
  'plugins/hall/views/mail/confirm.eta': [
    '<% it.subject(`Bienvenue\\r\\nBcc: x@example.org ${it.name}`) %>',
    '<h1>Bonjour <%= it.name %></h1>',
    '<p>Merci&nbsp;!</p><ul><li>un</li><li>deux</li></ul>',
    "<%= it.part('mail-button', { href: it.href, label: 'Je confirme' }) %>",
  ].join('\n'),
  'plugins/hall/views/mail/mute.eta': '<p>x</p>',
};

test('a mail has a subject of one line, dressed HTML and plain text', async (t) => {
  const { themes, scope } = await makeThemes(t, { files });
  const data = { name: 'Zoé <b>', href: 'https://marais.example/c?a=1&b=2' };
  const mail = await themes.renderMail({ scope, view: 'hall/confirm', data });
  t.is(mail.subject, 'Bienvenue Bcc: x@example.org Zoé <b>');
  t.regex(mail.html, /<h1 style="[^"]*font-size: 26px[^"]*">Bonjour Zoé &lt;b&gt;<\/h1>/);
  t.regex(mail.html, /background-color: #17458f[^"]*color: #ffffff/);
  t.notRegex(mail.html, /var\(--|\sclass=/);
  t.regex(mail.text, /Bonjour Zoé <b>\n\nMerci\u00a0!\n\n- un\n- deux/);
  t.regex(mail.text, /Je confirme <https:\/\/marais\.example\/c\?a=1&b=2>/);
  t.regex(mail.text, /1 rue du Lac, 75001 Paris/);
});

test('a mail without a subject is a bug that is told', async (t) => {
  const { themes, scope } = await makeThemes(t, { files });
  const sent = themes.renderMail({ scope, view: 'hall/mute', data: {} });
  await t.throwsAsync(sent, { message: /hall\/mute has no subject/ });
});

test('a theme overrides the mail of a plugin', async (t) => {
  const { themes, scope } = await makeThemes(t, {
    look: { theme: 'warm' },
    files: {
      ...files,
      'themes/warm/theme.json': '{"id":"warm","name":"w","version":"1.0.0","core":"^1.0.0"}',
      'themes/warm/views/hall/mail/confirm.eta': '<% it.subject("Autre") %><p>Autre texte</p>',
    },
  });
  const mail = await themes.renderMail({ scope, view: 'hall/confirm', data: {} });
  t.is(mail.subject, 'Autre');
  t.regex(mail.text, /Autre texte/);
});

test('styles go into the tags that they fit, later rules last', (t) => {
  const css = 'p { margin: 0 } .big, h1 { font: "X" 2em; color: var(--ink) } p.big { margin: 1px }';
  const html = '<p>a</p><p class="big">b</p><h1>c</h1><br>';
  t.is(
    inlineStyles(html, css, { ink: '#111111' }),
    `<p style="margin: 0">a</p><p style="margin: 0;font: 'X' 2em; color: #111111;margin: 1px">b</p><h1 style="font: 'X' 2em; color: #111111">c</h1><br>`,
  );
});

test('plain text keeps words, lists, links and spaces that do not break', (t) => {
  t.is(
    toText('<p>Un&amp;deux\u00a0: <a href="https://x.example">https://x.example</a><br>trois</p>'),
    'Un&deux\u00a0: https://x.example\ntrois\n',
  );
});

test('plain text counts what is counted, marks what is quoted and says what a picture shows', (t) => {
  t.is(toText('<p>a</p><ol><li>un</li><li>deux</li></ol><p>b</p>'), 'a\n\n1. un\n2. deux\n\nb\n');
  t.is(toText('<blockquote>un<br>deux</blockquote>trois'), '> un\n> deux\n\ntrois\n');
  t.is(toText('a<hr>b'), 'a\n\n* * *\n\nb\n');
  t.is(
    toText('<a href="https://x.example"><img src="/y" alt="Un héron"></a>'),
    'Un héron <https://x.example>\n',
  );
});
