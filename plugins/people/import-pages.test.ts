// The walk through an import in a real browser: four steps, counts, progress, and a result that is read.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { makeApp, openBrowser } from 'rostra/testing';

const list = [
  'nationbuilder_id,first_name,last_name,email,email_opt_in,do_not_contact,phone_number,tag_list,support_level',
  '1,Zoé,Lefèvre,zoe@example.org,true,false,\'0612345678,"market, drives",1',
  "2,Ali,Benali,ali@example.org,false,false,'0612345679,,2",
  '3,Bo,Durand,bo@example.org,true,true,,,5',
  '4,Cy,Roux,not an address,true,false,,,',
].join('\n');

for (const [width, isLive] of [
  [390, true],
  [1440, false],
] as const) {
  test.serial(
    `an import is walked through at ${width} px${isLive ? ', its progress coming by itself' : ''}`,
    async (t) => {
      const app = await makeApp(t, { jurisdiction: 'fr', locale: isLive ? 'fr' : 'en' });
      const browser = await openBrowser(t, { width, dark: !isLive });
      const { page } = browser;
      const path = join(mkdtempSync(join(tmpdir(), 'rostra-walk-')), 'nationbuilder-people.csv');
      writeFileSync(path, list);
      const { cookies } = await app.staff();
      await page
        .context()
        .addCookies([...cookies].map(([name, value]) => ({ name, value, url: app.url })));
      const faults: string[] = [];
      const look = async (name: string) => {
        await browser.shot(`import-${name}-${width}`);
        faults.push(...(await browser.violations()).map((fault) => `${name}: ${fault}`));
        if ((await browser.overflow()) > 0) faults.push(`${name} is wider than the screen`);
      };
      await page.goto(`${app.url}/admin/people/import`);
      await look('file');
      await page.setInputFiles('input[type=file]', path);
      await page.locator('form[enctype] button').click();
      await page.waitForSelector('[name=origin]');
      await look('columns');
      await page.fill('[name=origin]', 'NationBuilder');
      await page.check('[name=lawful]');
      await page.locator('form[action$="/check"] button').first().click();
      await page.waitForSelector('#progress');
      await look('checking');
      await app.drain();
      if (!isLive) await page.reload();
      await page.waitForSelector('#people');
      await look('check');
      t.regex((await page.textContent('#left')) ?? '', /1/);
      await page.locator('form[action$="/run"] button').click();
      await page.waitForSelector('#progress');
      await app.drain();
      if (!isLive) await page.reload();
      await page.waitForSelector('#progress .tiles');
      await look('result');
      t.deepEqual(faults, []);
      t.deepEqual(browser.complaints, []);
    },
  );
}
