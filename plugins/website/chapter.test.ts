// Each query of the website from a sister chapter: it finds nothing, and touches nothing.
import test from 'ava';
import { People } from 'rostra/people';
import { makeApp, sisterFaults } from 'rostra/testing';
import { ensureSite } from './default-site.ts';
import { usualForm } from './form.ts';
import * as image from './image.sql.ts';
import * as page from './page.sql.ts';
import * as planned from './planned.sql.ts';
import * as redirect from './redirect.sql.ts';
import * as submission from './submission.sql.ts';
import * as typed from './typed.sql.ts';

async function scene(t: Parameters<typeof makeApp>[0]) {
  const app = await makeApp(t, { jurisdiction: 'fr', locale: 'fr' });
  const [own, sister] = [await app.chapter('Lyon'), await app.chapter('Lille')];
  const lyon = app.scope(own);
  await ensureSite(lyon);
  const make = (path: string, more: Partial<page.PageValues> = {}) =>
    page.insertPage(lyon, {
      ...{ kind: 'page', path, title: path, summary: '', body: '<p>x</p>', state: 'published' },
      ...{ publishAt: lyon.now(), inMenu: false, position: 9, author: 'Sam', parentId: undefined },
      ...{ slug: path.split('/').at(-1) ?? '', ...more },
    });
  const pageId = (await make('/climat')) ?? '';
  await make('/climat/eau', { parentId: pageId });
  const filled = { kind: 'typed' as const, type: 'example.offers', settings: { goal: 1 } };
  const typedId = (await make('/dons', filled)) ?? '';
  await make('/actualites/hier', { kind: 'post' });
  const ahead = new Date(lyon.now().getTime() + 86_400_000);
  const aheadId = (await make('/actualites/demain', { kind: 'post', publishAt: ahead })) ?? '';
  const lone = (await make('/seule')) ?? '';
  await redirect.insertRedirect(lyon, '/ancien', '/climat');
  const [old] = await redirect.findRedirects(lyon);
  const token = Buffer.alloc(32, 7);
  const claim = { pageId, email: 'ana@example.org', consents: [], newsletters: [] };
  const submissionId = await submission.insertSubmission(lyon, claim, token, ahead);
  const fields = { emailAddress: 'bo@example.org', source: 'test' };
  const { id: personId } = await app.get('website')(People).upsert(lyon, fields);
  const picture = { uploadId: '1', href: '/uploads/x.png', alt: 'A pond', width: 1, height: 1 };
  const imageId = await image.insertImage(lyon, picture);
  const previewKey = (await page.findPage(lyon, pageId))?.previewKey ?? '';
  return {
    ...{ app, own, sister, pageId, lone, previewKey, token, submissionId, personId, imageId },
    redirectId: old?.id ?? '',
    aheadId,
    typedId,
  };
}

test('a sister chapter reads and changes nothing of a site', async (t) => {
  const s = await scene(t);
  const { pageId } = s;
  const now = s.app.clock.now();
  const values = {
    ...{ parentId: undefined, slug: 'mine', path: '/mine', title: 'Mine', summary: '', body: '' },
    ...{ state: 'published' as const, publishAt: now, inMenu: true, author: 'Eve' },
  };
  const faults = await sisterFaults(
    {
      ...s,
      folder: import.meta.dirname,
      // The demo removes what it made itself, all over the party.
      files: /^(?!demo)/,
      tables: ['page', 'revision', 'redirect', 'submission', 'image'].map(
        (name) => `website.${name}`,
      ),
    },
    {
      reads: {
        findPage: (scope) => page.findPage(scope, pageId),
        findPageByPath: (scope) => page.findPageByPath(scope, '/climat'),
        findShownPage: (scope) => page.findShownPage(scope, '/climat'),
        findPageByPreview: (scope) => page.findPageByPreview(scope, s.previewKey),
        findPages: page.findPages,
        findShownPages: page.findShownPages,
        findFrame: page.findFrame,
        findAddress: (scope) => page.findAddress(scope, 'sign_up'),
        findShownPosts: (scope) => page.findShownPosts(scope, 9),
        findFeedPosts: (scope) => page.findFeedPosts(scope, 9),
        findPosts: (scope) => page.findPosts(scope, 9),
        findNextPublication: page.findNextPublication,
        findPlanned: planned.findPlanned,
        hasOwnPages: page.hasOwnPages,
        isPathTaken: (scope) => page.isPathTaken(scope, '/climat'),
        findTypedPage: (scope) => typed.findTypedPage(scope, s.typedId),
        findTypedPages: (scope) => typed.findTypedPages(scope, 'example.offers'),
        findRevisions: async (scope) => {
          const front = await page.findPageByPath(s.app.scope(s.own), '/');
          return redirect.findRevisions(scope, front?.id ?? '');
        },
        findRedirects: redirect.findRedirects,
        findRedirect: (scope) => redirect.findRedirect(scope, '/ancien'),
        findImage: (scope) => image.findImage(scope, s.imageId),
        findImages: (scope) => image.findImages(scope, 9),
        findPagesWith: async (scope) => {
          const lyon = s.app.scope(s.own);
          await image.updatePageImage(lyon, pageId, s.imageId);
          const pond = await image.findImage(lyon, s.imageId);
          return pond && image.findPagesWith(scope, pond);
        },
        findSubmission: (scope) => submission.findSubmission(scope, s.token),
        countSubmissions: (scope) => submission.countSubmissions(scope, new Date(0)),
      },
      writes: {
        updatePage: (scope) => page.updatePage(scope, pageId, 1, values),
        movePathsBelow: (scope) => page.movePathsBelow(scope, '/climat', '/ailleurs'),
        planPage: (scope) => planned.planPage(scope, s.aheadId, { at: new Date('2030-01-01') }),
        updateMenu: (scope) => page.updateMenu(scope, [{ id: pageId, inMenu: true, position: 1 }]),
        updateForm: (scope) => page.updateForm(scope, pageId, usualForm),
        deletePage: (scope) => page.deletePage(scope, s.lone),
        insertRevision: (scope) => redirect.insertRevision(scope, pageId),
        insertRedirect: (scope) => redirect.insertRedirect(scope, '/climat', '/mine'),
        deleteRedirectFrom: (scope) => redirect.deleteRedirectFrom(scope, '/ancien'),
        deleteRedirect: (scope) => redirect.deleteRedirect(scope, s.redirectId),
        updateAlt: (scope) => image.updateAlt(scope, s.imageId, 'Mine'),
        deleteImage: (scope) => image.deleteImage(scope, s.imageId),
        updatePageImage: (scope) => image.updatePageImage(scope, pageId, undefined),
        settleSubmission: (scope) => submission.settleSubmission(scope, s.submissionId, s.personId),
      },
      unbounded: {
        insertPage: 'inserts',
        insertSubmission: 'inserts',
        insertImage: 'inserts',
        insertTracked: 'inserts',
        countTracked: 'a count, for who knows the code',
        // A chapter without an address of its own is found at the party's.
        findDesk: 'public',
        findSubmissionsOf: 'rights',
        deleteSubmissionsOf: 'rights',
        moveSubmissions: 'rights',
        deleteOldSubmissions: 'retention',
        writerOf: 'actor',
      },
    },
  );
  t.deepEqual(faults, []);
});
