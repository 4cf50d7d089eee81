// Pictures: uploaded, put on a page in a real browser, shown to visitors and networks, and not taken from under a page.
import test, { type ExecutionContext } from 'ava';
import { type App, makeApp, openBrowser } from 'rostra/testing';

/** 8 × 4 pixels. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAECAYAAACzzX7wAAAAI0lEQVR4AaSKsQkAAAyDJP+f1p/atSRjBAdBDewXQ9aR/XAAAAD//xpbaFAAAAAGSURBVAMAd80HNcAPpLwAAAAASUVORK5CYII=',
  'base64',
);
const alt = 'A heron above the marsh, & "friends"';

async function upload(app: App, words: string, bytes: Buffer | string = png) {
  const staff = await app.staff('web-editor');
  const form = new FormData();
  form.append('alt', words);
  form.append('file', new Blob([bytes]), 'heron.png');
  return staff.post('/admin/website/images', form);
}

test.serial('a picture needs words, and must be one', async (t) => {
  const app = await makeApp(t);
  t.is((await upload(app, '')).status, 422);
  const wrong = await upload(app, alt, '<script>');
  t.is(wrong.status, 422);
  t.regex(wrong.body, /of a kind that is not taken/);
  t.is((await upload(app, alt)).status, 303);
  const list = await (await app.staff()).get('/admin/website/images');
  t.regex(list.body, /width=&#34;8&#34;|width=&quot;8&quot;/, 'HTML to copy, its size in it');
});

test.serial('a picture goes onto a page by hand, and stays while a page shows it', async (t) => {
  t.timeout(300_000);
  const app = await makeApp(t);
  const browser = await openBrowser(t);
  const { page } = browser;
  const cookies = [...(await app.staff()).cookies].map(([name, value]) => ({
    name,
    value,
    url: app.url,
  }));
  await page.context().addCookies(cookies);
  await page.goto(`${app.url}/admin/website/pages/new?kind=page`);
  await page.fill('#f-title', 'The marsh');
  await page.click('.rich-sheet');
  await page.keyboard.type('Look.');
  await page.locator('.rich-tools').getByText('Picture').click();
  const dialog = page.locator('#images');
  await dialog
    .locator('input[type=file]')
    .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: png });
  await dialog.locator('[name=alt]').fill(alt);
  await dialog.getByRole('button', { name: 'Upload the picture' }).click();
  await dialog.locator('[data-image]').waitFor();
  t.deepEqual(await browser.violations(), []);
  await browser.shot('image-choice');
  await dialog.locator('[data-image]').click();
  await page.locator('.rich-sheet figure img').waitFor();
  await page.locator('[name=when][value=now]').check();
  await page.click('.editor .acts button');
  await page.waitForURL(/pages\/\d+$/);
  await page.selectOption('[name=imageId]', { index: 1 });
  await page.click('.editor .acts button');
  await page.waitForLoadState();

  const shown = (await app.visitor().get('/the-marsh')).body;
  t.regex(shown, /<img [^>]*src="\/uploads\/\w{64}\.png"[^>]* width="8" height="4"/);
  t.regex(shown, /og:image" content="http:\/\/localhost:\d+\/uploads\/\w{64}\.png"/);
  t.deepEqual(browser.complaints, []);
  await stays(t, app);
});

async function stays(t: ExecutionContext, app: App): Promise<void> {
  const staff = await app.staff();
  const id = /images\/(\d+)\/delete/.exec((await staff.get('/admin/website/images')).body)?.[1];
  const refused = await staff.post(`/admin/website/images/${id}/delete`, {});
  t.is(refused.status, 409);
  t.regex(refused.body, /The marsh/);
  const href =
    /\/uploads\/\w{64}\.png/.exec((await app.visitor().get('/the-marsh')).body)?.[0] ?? '';
  const page = /website\/pages\/(\d+)"[^>]*>(?:(?!<\/a>)[\s\S])*The marsh/.exec(
    (await staff.get('/admin/website')).body,
  )?.[1];
  await staff.post(`/admin/website/pages/${page}/delete`, {});
  t.is((await staff.post(`/admin/website/images/${id}/delete`, {})).status, 303);
  await app.drain();
  t.is((await app.visitor().get(href)).status, 404);
}

test.serial('a chapter sees its own pictures alone', async (t) => {
  const app = await makeApp(t);
  await upload(app, alt);
  const lyon = app.scope(await app.chapter('Lyon'));
  const { findImage, findImages, findPagesWith, updateAlt } = await import('./image.sql.ts');
  const [image] = await findImages(app.scope(), 10);
  if (!image) return t.fail('there is one');
  t.deepEqual(await findImages(lyon, 10), []);
  t.is(await findImage(lyon, image.id), undefined);
  t.deepEqual(await findPagesWith(lyon, image), []);
  t.false(await updateAlt(lyon, image.id, 'x'));
});
