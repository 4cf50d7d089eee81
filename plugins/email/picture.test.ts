// Blocks of a letter as its reader gets them, and pictures of the site among them.
import test, { type ExecutionContext } from 'ava';
import { openBrowser, sisterFaults } from 'rostra/testing';
import { scene } from './fixture.ts';
import * as pictures from './picture.sql.ts';

/** 8 × 4 pixels. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAECAYAAACzzX7wAAAAI0lEQVR4AaSKsQkAAAyDJP+f1p/atSRjBAdBDewXQ9aR/XAAAAD//xpbaFAAAAAGSURBVAMAd80HNcAPpLwAAAAASUVORK5CYII=',
  'base64',
);
const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4"><rect width="8" height="4"/></svg>';
const alt = 'Un héron au-dessus du marais';

type Scene = Awaited<ReturnType<typeof scene>>;

async function upload({ staff }: Scene, words: string, bytes: Buffer | string) {
  const form = new FormData();
  form.append('alt', words);
  form.append('file', new Blob([bytes]), 'image');
  return staff.post('/admin/website/images', form);
}

async function withHeron(t: ExecutionContext) {
  const s = await scene(t);
  await upload(s, alt, png);
  await upload(s, 'Un dessin', svg);
  const page = await s.staff.get('/admin/email/new');
  const [, id = ''] = /<option value="(\d+)">Un héron/.exec(page.body) ?? [];
  t.notRegex(page.body, /Un dessin/, 'mail programs draw no SVG');
  const blocks = (more: Record<string, string[]>) => ({
    ...{
      to: `newsletter-${s.newsletter.id}`,
      subject: 'Bonjour {{prénom|chers amis}}',
      preheader: '',
    },
    ...{ kind: ['image'], picture: [id], text: [''], href: [''], ...more },
  });
  return { ...s, id, blocks };
}

test.serial(
  'every kind of block reaches its reader, in HTML and in plain text, and the site',
  async (t) => {
    const s = await withHeron(t);
    const kind = ['image', 'list', 'numbered', 'quote', 'divider', 'paragraph'];
    const text = [
      '',
      'Lisez [ceci](/bilan)\n\nPuis venez',
      'Un\nDeux',
      'Ensemble,\ntoujours.',
      '',
      'Fin.',
    ];
    const saved = await s.staff.post(
      '/admin/email/new',
      s.blocks({
        kind,
        text,
        picture: [s.id, '', '', '', '', ''],
        href: ['/agir', '', '', '', '', ''],
      }),
    );
    t.is(saved.status, 303, saved.body);
    const [, sendId = ''] = /\/(\d+)$/.exec(saved.location ?? '') ?? [];
    t.is((await s.outreach.find(s.scope, sendId))?.name, 'Bonjour chers amis');
    await s.staff.post(`/admin/outreach/${sendId}/release`, { version: '1', when: 'now' });
    await s.app.drain();
    const [mail] = s.taken;
    const html = String(mail?.html);
    const [, href = '', shown = ''] = /<a href="([^"]*)"[^>]*><img src="([^"]*)"/.exec(html) ?? [];
    t.true(href.startsWith(`${s.app.url}/agir`), href);
    t.true(shown.startsWith(`${s.app.url}/uploads/`), shown);
    t.is((await s.app.visitor().get(new URL(shown).pathname)).status, 200);
    t.regex(
      html,
      /alt="Un héron au-dessus du marais" width="8" height="4" style="[^"]*max-width: 100%[^"]*background-color: #/,
    );
    t.regex(
      html,
      /<ul[^>]*><li[^>]*>Lisez <a [^>]*>ceci<\/a><\/li><li[^>]*>Puis venez<\/li><\/ul>/,
    );
    t.regex(html, /<ol[^>]*><li[^>]*>Un<\/li><li[^>]*>Deux<\/li><\/ol>/);
    t.regex(html, /<blockquote style[^>]*>Ensemble,<br>toujours\.<\/blockquote>/);
    const plain = mail?.text ?? '';
    t.regex(
      plain,
      /Un héron au-dessus du marais <\S+\/agir\S*>\n\n- Lisez ceci <\S+\/bilan\S*>\n- Puis venez/,
    );
    t.regex(plain, /1\. Un\n2\. Deux\n\n> Ensemble,\n> toujours\.\n\n\* \* \*\n\nFin\./);
    const [, path = ''] = /href="http:\/\/localhost:\d+(\/letters\/open\/[^"]+)"/.exec(html) ?? [];
    const page = await s.app.visitor().get(path);
    t.regex(page.body, /<figure><a href="\/agir"><img src="\/uploads\/[^"]+" alt="Un héron/);
    t.regex(page.body, /<ol><li>Un<\/li><li>Deux<\/li><\/ol>/);
  },
);

test.serial(
  'a picture has words, those of the site unless others are written, and is one of the site’s',
  async (t) => {
    const s = await withHeron(t);
    const none = await s.staff.post('/admin/email/new', s.blocks({ picture: [''] }));
    t.is(none.status, 422);
    t.regex(none.body, /Choose a picture\./);
    t.regex(none.body, /Say what the picture shows/);
    const stranger = await s.staff.post('/admin/email/new', s.blocks({ picture: ['999'] }));
    t.is(stranger.status, 422);
    const added = await s.staff.post('/admin/email/new', { ...s.blocks({}), do: 'add' });
    t.regex(
      added.body,
      new RegExp(`<option value="${s.id}" selected`),
      'what was chosen is not lost',
    );
  },
);

test.serial(
  'a picture that a letter shows is not taken from the site, until the letter is gone',
  async (t) => {
    const s = await withHeron(t);
    const saved = await s.staff.post('/admin/email/new', s.blocks({}));
    const [, sendId = ''] = /\/(\d+)$/.exec(saved.location ?? '') ?? [];
    const remove = () => s.staff.post(`/admin/website/images/${s.id}/delete`, {});
    const refused = await remove();
    t.is(refused.status, 409);
    t.regex(refused.body, /Bonjour chers amis/);
    await s.staff.post(`/admin/outreach/${sendId}/discard`, {});
    t.is((await remove()).status, 303);
  },
);

test.serial(
  'what a block needs is asked for by its kind, on a telephone and on a desk',
  async (t) => {
    const s = await withHeron(t);
    for (const width of [360, 1280]) {
      const browser = await openBrowser(t, { width, dark: width === 360, locale: 'fr-FR' });
      const value = s.staff.cookies.get('rostra') ?? '';
      const { page } = browser;
      await page.context().addCookies([{ name: 'rostra', value, url: s.app.url }]);
      await page.goto(`${s.app.url}/admin/email/new`);
      t.false(await page.isVisible('#f-picture-0'));
      t.false(await page.isVisible('#f-href-0'));
      await page.selectOption('#f-kind-0', 'image');
      t.true(await page.isVisible('#f-href-0'));
      await page.selectOption('#f-picture-0', s.id);
      await page.fill('[name=subject]', 'Le marais');
      await page.click('[name=do][value=add]');
      await page.selectOption('#f-kind-1', 'numbered');
      await page.fill('#f-text-1', 'Lire\nVenir');
      await page.click('.acts [name=do][value=save]');
      await page.waitForURL(/\/email\/\d+$/);
      await page.frameLocator('iframe').locator('ol').waitFor();
      await browser.shot(`letter-blocks-${width}`);
      t.deepEqual(await browser.violations(), []);
      t.is(await browser.overflow(), 0);
      t.deepEqual(browser.complaints, []);
    }
  },
);

/** In a page: a photograph of 4,000 by 3,000 pixels, as full of detail as a crowd, of some megabytes. */
const photograph = `(async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 4000, height: 3000 });
  const sheet = canvas.getContext('2d');
  let seed = 7;
  const next = (below) => (seed = (seed * 48271) % 2147483647) % below;
  for (let n = 0; n < 60000; n += 1) {
    sheet.fillStyle = \`rgb(\${next(256)} \${next(256)} \${next(256)})\`;
    sheet.fillRect(next(4000), next(3000), next(90), next(90));
  }
  const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.92));
  return new File([blob], 'foule.jpg', { type: 'image/jpeg' });
})()`;

test.serial(
  'a photograph from one’s computer leaves as light as a letter needs, and is chosen; one put on the site by hand is said to be wide',
  async (t) => {
    const s = await withHeron(t);
    const staff = await s.app.staff();
    const browser = await openBrowser(t, { width: 360, dark: true, locale: 'fr-FR' });
    const { page } = browser;
    const value = staff.cookies.get('rostra') ?? '';
    await page.context().addCookies([{ name: 'rostra', value, url: s.app.url }]);
    await page.goto(`${s.app.url}/admin/email/new`);
    await page.selectOption('#f-kind-0', 'image');
    const bytes = await page.evaluate(`${photograph}.then((file) => {
      window.photo = file;
      window.choose = () => {
        const held = new DataTransfer();
        held.items.add(file);
        const input = document.getElementById('f-file-0');
        input.files = held.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));
      };
      window.choose();
      return file.size;
    })`);
    t.true(Number(bytes) > 2_000_000, `${bytes} bytes`);
    const said = page.locator('[data-letter-picture] [role=status]');
    await said.filter({ hasText: /first|d’abord/ }).waitFor();
    await page.fill('#f-text-0', 'La foule à Lyon');
    await page.evaluate('window.choose()');
    await said.filter({ hasText: /\d+ (kB|ko)/ }).waitFor();
    const [label] = await page.locator('#f-picture-0 option:checked').allTextContents();
    t.is(label, 'La foule à Lyon');
    await browser.shot('letter-photograph');
    t.deepEqual(await browser.violations(), []);
    t.is(await browser.overflow(), 0);
    const { rows } = await s.scope.db.raw(
      `select u.bytes, i.width, i.height from website.image i join core.upload u on u.id = i.upload_id
       order by i.id desc limit 1`,
    );
    t.true(Number(rows[0].bytes) <= 300_000, `${rows[0].bytes} bytes`);
    t.true(rows[0].width <= 1200, `${rows[0].width} pixels`);
    t.is(rows[0].height, Math.round((rows[0].width * 3) / 4));
    t.deepEqual(browser.complaints, []);
    await page.evaluate(`(() => {
      const form = new FormData();
      form.append('alt', 'La foule, entière');
      form.append('file', window.photo);
      return fetch('/admin/website/images', { method: 'POST', body: form });
    })()`);
    const [, wide = ''] =
      /<option value="(\d+)">La foule, entière/.exec((await staff.get('/admin/email/new')).body) ??
      [];
    const shown = await staff.post('/admin/email/new', {
      ...s.blocks({ picture: [wide] }),
      do: 'add',
    });
    t.regex(shown.body, /It is 4,000 pixels wide/);
  },
);

test.serial('a sister chapter does not see which pictures a letter shows', async (t) => {
  const s = await scene(t, { count: 0 });
  const [own, sister] = [await s.app.chapter('Lyon'), await s.app.chapter('Lille')];
  await pictures.insertPictures(s.app.scope(own), '7', ['3']);
  const faults = await sisterFaults(
    {
      ...{ app: s.app, own, sister, folder: import.meta.dirname, files: /^picture/ },
      tables: ['email.picture'],
    },
    {
      reads: { findShowing: (scope) => pictures.findShowing(scope, '3') },
      writes: {},
      unbounded: { insertPictures: 'inserts' },
    },
  );
  t.deepEqual(faults, []);
});
