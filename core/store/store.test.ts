import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { holdUploads } from '../backup/target.ts';
import { request } from '../http/fixture.ts';
import { type App, makeApp } from '../testing/app.ts';
import { asFault } from './blobs.ts';
import { jpeg, photograph, png, svg } from './fixture.ts';
import { dropOrphans } from './store.ts';

function fileIn(t: ExecutionContext, bytes: Buffer | string): string {
  const folder = mkdtempSync(join(tmpdir(), 'rostra-store-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'file');
  writeFileSync(file, bytes);
  return file;
}

const picture = (t: ExecutionContext, bytes: Buffer | string) =>
  ({ path: fileIn(t, bytes), name: 'C:\\photos\\pla\0ge.jpg', accept: 'image' }) as const;

const onDisk = ({ house }: App): string[] =>
  readdirSync(join(house.config.data, 'uploads'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.includes('.'),
  );

test('a picture is kept once, served for ever, and gone when nobody has it any more', async (t) => {
  const app = await makeApp(t);
  const scope = app.scope();
  const store = app.house.store('core');
  const other = app.house.store('website');
  const kept = await store.put(scope, picture(t, photograph()));
  t.like(kept, { kind: 'image', type: 'image/jpeg', name: 'plage.jpg', width: 4, height: 8 });
  t.is((await store.put(scope, picture(t, photograph()))).id, kept.id);
  const theirs = await other.put(scope, picture(t, photograph()));
  t.is(theirs.href, kept.href);
  t.is(onDisk(app).length, 1);

  const got = await app.visitor().get(kept.href);
  t.is(got.status, 200);
  t.is(got.headers.get('content-type'), 'image/jpeg');
  t.is(got.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  t.is(got.headers.get('x-content-type-options'), 'nosniff');
  t.regex(got.headers.get('content-security-policy') ?? '', /default-src 'none';.* sandbox/);
  const etag = got.headers.get('etag') ?? '';
  const again = { path: kept.href, headers: { 'If-None-Match': etag } };
  t.is((await request(Number(new URL(app.url).port), again)).status, 304);
  t.is((await app.visitor().ask('HEAD', kept.href)).status, 200);

  await store.remove(scope, kept.id);
  await app.drain();
  t.is((await app.visitor().get(kept.href)).status, 200, 'the other plugin still has it');
  await other.remove(scope, theirs.id);
  await app.drain();
  t.is((await app.visitor().get(kept.href)).status, 404);
  t.deepEqual(onDisk(app), []);
});

test('each organization and each plugin has its own', async (t) => {
  const app = await makeApp(t);
  const lyon = app.scope(await app.chapter('Lyon'));
  const store = app.house.store('core');
  const { id } = await store.put(app.scope(), picture(t, png));
  t.is(await store.find(lyon, id), undefined);
  t.deepEqual(await store.list(lyon), []);
  await store.remove(lyon, id);
  t.deepEqual(await app.house.store('website').list(app.scope()), []);
  t.is((await store.list(app.scope())).length, 1);
});

test('what is no picture, too large or empty is refused with a sentence', async (t) => {
  const { house, scope } = await makeApp(t);
  const store = house.store('core');
  const refusal = async (bytes: Buffer | string, more: object = {}) => {
    const error = await t.throwsAsync(store.put(scope(), { ...picture(t, bytes), ...more }));
    const { faults } = (
      error as unknown as { details: { faults: [{ message: string; params: object }] } }
    ).details;
    t.true(house.locales.t('en', faults[0].message, { ...faults[0].params }).length > 15);
    return faults[0].message;
  };
  t.is(await refusal('<html>'), 'store.fault.unknown');
  t.is(await refusal(''), 'store.fault.empty');
  t.is(await refusal(jpeg, { maxBytes: 100 }), 'store.fault.too-large');
  t.is(await refusal(jpeg, { accept: 'font' }), 'store.fault.no-font');
  t.is(await refusal(jpeg, { types: ['image/svg+xml'] }), 'store.fault.other-type');
  t.is(await refusal(svg('<script/>')), 'store.fault.svg.script');
  t.deepEqual(await store.list(scope()), []);
});

test('a full disk is a sentence, not a fault of ours', async (t) => {
  const full = await open('/dev/full', 'w');
  const error = await t.throwsAsync(full.writeFile('x').finally(() => full.close()));
  t.like(asFault(error), {
    status: 422,
    details: { faults: [{ path: '/file', message: 'store.fault.disk-full' }] },
  });
});

test('bytes without a row are removed after a day, and no others', async (t) => {
  const app = await makeApp(t);
  const kept = await app.house.store('core').put(app.scope(), picture(t, png));
  const lost = `${'a'.repeat(64)}.png`;
  await app.house.blobs.write(lost, png);
  await dropOrphans(app.house.blobs, app.scope());
  t.is(onDisk(app).length, 2);
  app.clock.set('2031-11-24T10:00:00Z');
  await dropOrphans(app.house.blobs, app.scope());
  t.deepEqual(
    onDisk(app).map((name) => name.slice(3)),
    [kept.href.slice('/uploads/'.length)],
  );
});

test('while a backup runs the bytes stay, for the tidying to take', async (t) => {
  const app = await makeApp(t);
  const store = app.house.store('core');
  const kept = await store.put(app.scope(), picture(t, png));
  const backup = await app.house.database.direct();
  try {
    await holdUploads(backup);
    await store.remove(app.scope(), kept.id);
    await app.drain();
    t.is(onDisk(app).length, 1);
  } finally {
    await backup.end();
  }
  app.clock.set('2031-11-24T10:00:00Z');
  await dropOrphans(app.house.blobs, app.scope());
  t.is(onDisk(app).length, 0);
});
