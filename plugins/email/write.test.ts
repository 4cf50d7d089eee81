// The blocks of a letter while it is written, without a script: nothing typed is lost.
import test from 'ava';
import { openBrowser } from 'rostra/testing';
import { content, scene } from './fixture.ts';

test('a block goes up, down, is copied and taken out, and the page comes back with what was typed', async (t) => {
  const s = await scene(t, { count: 0 });
  const typed = {
    ...{ to: `newsletter-${s.newsletter.id}`, subject: 'Un titre gardé', preheader: '' },
    ...{ kind: ['heading', 'paragraph', 'paragraph'], text: ['Un', 'Deux', 'Trois'] },
    href: ['', '', ''],
  };
  const after = async (act: string) => {
    const page = await s.staff.post('/admin/email/new', { ...typed, do: act });
    t.regex(page.body, /value="Un titre gardé"/);
    return [...page.body.matchAll(/<textarea[^>]*>\s*([^<]*)<\/textarea>/g)].map(([, one]) => one);
  };
  t.deepEqual(await after('down-0'), ['Deux', 'Un', 'Trois']);
  t.deepEqual(await after('up-2'), ['Un', 'Trois', 'Deux']);
  t.deepEqual(await after('copy-1'), ['Un', 'Deux', 'Deux', 'Trois']);
  t.deepEqual(await after('remove-1'), ['Un', 'Trois']);
  t.deepEqual(await after('down-2'), ['Un', 'Deux', 'Trois']);
});

test('while a letter is written the menu says that one is among the mailings', async (t) => {
  const s = await scene(t, { count: 0 });
  const { body } = await s.staff.get('/admin/email/new');
  const marked = [...body.matchAll(/<a href="([^"]+)" aria-current="(page|true)"/g)];
  t.deepEqual([...new Set(marked.map(([, href]) => href))], ['/admin/outreach']);
});

test('who goes on, or tries it, takes along what they typed; a text that is as it was keeps its question', async (t) => {
  const s = await scene(t, { count: 1 });
  const id = await s.write();
  const send = () => s.outreach.demand(s.scope, 'email', id);
  const typed = (subject: string, version: number, act: string) => ({
    ...{ to: `newsletter-${s.newsletter.id}`, subject, preheader: content.preheader, do: act },
    ...{ version: String(version), kind: content.blocks.map(({ kind }) => kind) },
    text: content.blocks.map(({ text }) => text),
    href: content.blocks.map(({ href }) => href),
  });
  const next = await s.staff.post(`/admin/email/${id}`, typed('Autre titre', 1, 'next'));
  t.is(next.status, 303);
  t.regex(next.headers.get('location') ?? '', new RegExp(`/outreach/${id}$`));
  t.is((await send()).content['subject'], 'Autre titre');
  await s.staff.post(`/admin/email/${id}`, typed('Encore un', 2, 'test'));
  await s.app.drain();
  t.regex(s.taken.at(-1)?.subject ?? '', /Encore un$/);
  await s.staff.post(`/admin/outreach/${id}/ask`, { version: '3', when: 'now' });
  await s.staff.post(`/admin/email/${id}`, typed('Encore un', 3, 'next'));
  t.is((await send()).version, 3);
  t.regex((await s.staff.get(`/admin/outreach/${id}`)).body, /It waits for approval|En attente/);
  const late = await s.staff.post(`/admin/email/${id}`, typed('Trop tard', 2, 'next'));
  t.is(late.status, 422);
  t.regex(late.body, /value="Trop tard"/);
});

test('on a telephone an address that was pasted in breaks, and the letter is no wider', async (t) => {
  const s = await scene(t, { count: 0 });
  const text = `https://parti.example/${'agendadedecembre'.repeat(12)}`;
  const id = await s.write({ blocks: [{ kind: 'paragraph', text, href: '' }] });
  const browser = await openBrowser(t, { width: 360 });
  const { page } = browser;
  const value = s.staff.cookies.get('rostra') ?? '';
  await page.context().addCookies([{ name: 'rostra', value, url: s.app.url }]);
  await page.goto(`${s.app.url}/admin/email/${id}/preview`);
  t.regex((await page.textContent('body')) ?? '', /agendadedecembre/);
  t.is(await browser.overflow(), 0);
});
