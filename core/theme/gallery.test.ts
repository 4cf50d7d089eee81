import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { fixedClock } from '../clock.ts';
import { makeLog } from '../log.ts';
import { openBrowser } from '../testing/browser.ts';
import { hrefOf, makeGallery } from './gallery.ts';
import { exampleParty, openSampler } from './sampler.ts';
import { listSamples, type SampleDeps } from './samples.ts';

interface Served {
  deps: SampleDeps;
  url: string;
}

/** `fontsLate`: by how many milliseconds, as over a slow line. */
async function serve(t: ExecutionContext, fontsLate = 0): Promise<Served> {
  const clock = fixedClock('2026-11-24T10:00:00Z');
  const deps = await openSampler({ clock, log: makeLog('warn') });
  const shown = { organization: exampleParty, look: { theme: 'plain' } };
  const gallery = makeGallery(deps, '/gallery', () => shown);
  const server = createServer(async (req, res) => {
    if (req.url?.endsWith('.woff2')) await new Promise((done) => setTimeout(done, fontsLate));
    const answer = await gallery(new URL(req.url ?? '/', 'http://localhost'));
    res.writeHead(answer?.status ?? 404, answer?.headers).end(answer?.body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => server.close());
  return { deps, url: `http://localhost:${(server.address() as AddressInfo).port}` };
}

// Run in the page: text, since the types of a browser are not those of the server.
/** Adds up what moved by itself. */
const watchShifts = `
  globalThis.shifts = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.shifts += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
`;

/** How much wider than the screen, how much it moved, and which words are smaller than 16 px. */
const measure = `document.fonts.ready.then(() => {
  const wrong = [];
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) wrong.push(wide + ' px wider than the screen');
  if (shifts > 0) wrong.push('moved by ' + shifts);
  const look = (owner, text) => {
    const size = Number.parseFloat(getComputedStyle(owner).fontSize);
    if (owner.checkVisibility() && size < 16) wrong.push(size + ' px: ' + text);
  };
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const text = words.currentNode.textContent.trim();
    if (text !== '') look(words.currentNode.parentElement, text.slice(0, 40));
  }
  const fields = 'input:not([type=checkbox], [type=radio]), select, textarea, button';
  for (const field of document.querySelectorAll(fields)) look(field, field.outerHTML.slice(0, 60));
  return wrong;
})`;

const schemes = ['light', 'dark'] as const;

for (const width of [360, 1440]) {
  test.serial(
    `every view at ${width} px, light and dark: axe finds nothing, nothing scrolls sideways, moves or is small`,
    async (t) => {
      t.timeout(600_000);
      const { deps, url } = await serve(t);
      const { page, complaints, violations } = await openBrowser(t, { width });
      await page.addInitScript(watchShifts);
      const wrong: string[] = [];
      for (const [at, sample] of listSamples(deps).entries()) {
        // Each of the two is the first of every second view: what it is drawn in, and what it turns to.
        const [first = 'light', second] = at % 2 === 0 ? schemes : schemes.toReversed();
        await page.emulateMedia({ colorScheme: first });
        await page.goto(url + hrefOf('/gallery', sample, at % 3 === 0 ? 'en' : 'fr'));
        const faults = [...(await page.evaluate<string[]>(measure)), ...(await violations())];
        await page.emulateMedia({ colorScheme: second });
        faults.push(...(await violations()));
        const { plugin, view, name } = sample;
        wrong.push(...faults.map((fault) => `${plugin}/${view}, ${name}: ${fault}`));
      }
      t.deepEqual(wrong, []);
      t.deepEqual(complaints, []);
    },
  );
}

test.serial('letters that come late move nothing', async (t) => {
  const { url } = await serve(t, 800);
  const { page } = await openBrowser(t, { width: 360 });
  await page.addInitScript(watchShifts);
  for (const view of ['front', 'page', 'sign-up', 'privacy']) {
    await page.goto(`${url}/gallery/view/website/${view}?locale=fr`);
    await page.waitForTimeout(1_000);
    t.deepEqual(await page.evaluate<string[]>(measure), [], view);
  }
});

test.serial(
  'the menu of a telephone opens without script, down to the pages below another',
  async (t) => {
    const { url } = await serve(t);
    const { page } = await openBrowser(t, { width: 360, scripts: false });
    await page.goto(`${url}/gallery/view/website/page?name=below+another&locale=fr`);
    const link = page.getByRole('link', { name: 'L’hôpital public' });
    t.false(await link.isVisible());
    await page.locator('summary').click();
    t.true(await link.isVisible());
  },
);
