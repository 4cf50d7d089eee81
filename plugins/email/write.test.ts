// The blocks of a letter while it is written, without a script: nothing typed is lost.
import test from 'ava';
import { scene } from './fixture.ts';

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
