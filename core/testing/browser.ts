// The real Chromium from the npm package, with axe at hand.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import chromium from '@sparticuz/chromium';
import { type Page, chromium as playwright } from 'playwright-core';
import type { Test } from './database.ts';

export interface Browser {
  page: Page;
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
}

export async function openBrowser(t: Test, options: BrowserOptions = {}): Promise<Browser> {
  // The package's own arguments switch off what the tests are to prove.
  const browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox'],
  });
  t.teardown(() => browser.close());
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.dark ? 'dark' : 'light',
    javaScriptEnabled: options.scripts ?? true,
    bypassCSP: false,
  });
  const page = await context.newPage();
  return { page, violations: () => violationsOn(page) };
}

/** In an isolated world by the debugger, so that the page's own policy stays in force. */
async function violationsOn(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  try {
    const expression = `${axe}; axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations.map((one) => one.id + ': ' + one.nodes.map((node) => node.target.join(' ')).join(', ')))`;
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
