// Somebody on whom much is kept: the copy and the erasure take as long as a page may.
import test from 'ava';
import { Subjects } from 'rostra/plugin';
import { makeApp } from 'rostra/testing';
import { askLink, fillTimeline, personOf } from './fixture.ts';

const rows = 10_000;

test('the copy and the erasure of a person with ten thousand rows take less than two seconds each', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const id = await personOf(app, 'ana@example.org', { givenName: 'Ana' });
  await fillTimeline(app.scope().db, id, rows);
  const link = await askLink(app, 'ana@example.org');
  const from = performance.now();
  const cpu = process.cpuUsage();
  const copy = await fetch(`${app.url}${link}/copy`, {
    ...{ method: 'POST', headers: { Origin: app.url, 'Sec-Fetch-Site': 'same-origin' } },
  });
  const bytes = (await copy.arrayBuffer()).byteLength;
  const copied = performance.now() - from;
  const { user, system } = process.cpuUsage(cpu);
  t.true(bytes > 50_000);
  const again = performance.now();
  await app.get('privacy')(Subjects).erase(app.scope(), id);
  const erased = performance.now() - again;
  t.log(
    `copy ${Math.round(copied)} ms (processor ${(user + system) / 1000}), ${bytes} bytes; erasure ${Math.round(erased)} ms`,
  );
});
