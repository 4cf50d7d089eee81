// The real Chromium from the npm package, with axe at hand.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Page, chromium as playwright } from 'playwright-core';
import type { Test } from './database.ts';

export interface Browser {
  page: Page;
  /** Whether pages may run any. */
  scripts: boolean;
  /** What the console told as an error so far: scripts that failed, what the page's policy refused. */
  complaints: string[];
  /** By how many pixels the page at hand is wider than the narrowest telephone. */
  overflow(): Promise<number>;
  /** A picture of the page at hand, when ROSTRA_SHOTS names a folder. */
  shot(name: string): Promise<void>;
  /** Rules of WCAG 2.2 AA and good practice that the page at hand breaks, with where. */
  violations(): Promise<string[]>;
}

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export interface BrowserOptions {
  width?: number;
  height?: number;
  dark?: boolean;
  scripts?: boolean;
  /** Of the reader, e.g. `fr-FR`. */
  locale?: string;
}

const narrowest = 360;
/** Milliseconds: far longer than any page takes, for other tests run beside. */
const patience = 120_000;

export async function openBrowser(t: Test, options: BrowserOptions = {}): Promise<Browser> {
  const { scripts = true } = options;
  // The package's own arguments switch off what the tests are to prove.
  const browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox'],
  });
  t.teardown(() => browser.close());
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.dark ? 'dark' : 'light',
    javaScriptEnabled: scripts,
    bypassCSP: false,
    locale: options.locale,
  });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (one) => {
    if (one.type() === 'error') complaints.push(`${page.url()}: ${one.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  return {
    page,
    scripts,
    complaints,
    violations: () => whenLoaded(page, violationsOn),
    overflow: () => whenLoaded(page, overflowOn),
    shot: (name) => whenLoaded(page, () => shoot(page, name)),
  };
}

/** A click answers when the next page has begun, which may still lack its stylesheet. */
async function whenLoaded<T>(page: Page, look: (page: Page) => Promise<T>): Promise<T> {
  await page.waitForLoadState();
  return look(page);
}

async function overflowOn(page: Page): Promise<number> {
  const size = page.viewportSize();
  await page.setViewportSize({ width: narrowest, height: 780 });
  const { cssContentSize } = await measure(page);
  if (size) await page.setViewportSize(size);
  return Math.max(0, cssContentSize.width - narrowest);
}

/** By the debugger, which also measures pages without script. */
async function measure(page: Page) {
  const session = await page.context().newCDPSession(page);
  return session.send('Page.getLayoutMetrics').finally(() => session.detach());
}

async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.ROSTRA_SHOTS;
  if (!folder) return;
  // Hiding the caret would leave a style attribute, which the page's policy refuses.
  await page.screenshot({ path: join(folder, `${name}.png`), caret: 'initial' });
}

/** In an isolated world by the debugger, so that the page's own policy stays in force. */
async function violationsOn(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  try {
    const expression = `${axe}; axe.run(document, { resultTypes: ['violations'], iframes: false }).then((found) => found.violations.map((one) => one.id + ': ' + one.nodes.map((node) => node.target.join(' ')).join(', ')))`;
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return result.value as string[];
  } finally {
    await session.detach();
  }
}
