import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { findManifests, manifestFaults } from './manifests.ts';

function folderWith(manifests: object[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'rostra-manifests-'));
  for (const [index, manifest] of manifests.entries()) {
    mkdirSync(join(folder, `p${index}`));
    writeFileSync(join(folder, `p${index}`, 'plugin.json'), JSON.stringify(manifest));
  }
  return folder;
}
const plugin = (id: string, more: object = {}) => ({
  id,
  version: '1.0.0',
  core: '^1.0.0',
  ...more,
});

test('what is required comes before what requires it', (t) => {
  const folder = folderWith([
    plugin('alpha', { requires: ['zeta'] }),
    plugin('zeta', { requires: ['mid'] }),
    plugin('mid'),
  ]);
  t.deepEqual(
    findManifests([], folder).map(({ manifest }) => manifest.id),
    ['mid', 'zeta', 'alpha'],
  );
});

test('plugins that require each other are refused with their circle', (t) => {
  const folder = folderWith([
    plugin('aa', { requires: ['bb'] }),
    plugin('bb', { requires: ['cc'] }),
    plugin('cc', { requires: ['aa'] }),
  ]);
  t.throws(() => findManifests([], folder), { message: /circle: aa → bb → cc → aa/ });
});

test('two plugins of one id, or with one path, are refused by name', (t) => {
  const folder = folderWith([
    plugin('aa', { paths: ['/x'] }),
    plugin('bb', { paths: ['/x'] }),
    plugin('bb'),
  ]);
  const error = t.throws(() => findManifests([], folder));
  t.regex(error?.message ?? '', /"bb" is there twice/);
  t.regex(error?.message ?? '', /"aa" and "bb" both claim the path \/x/);
});

test('a requirement that is not installed is named', (t) => {
  const folder = folderWith([plugin('aa', { requires: ['nowhere'] })]);
  t.throws(() => findManifests([], folder), { message: /"aa" requires "nowhere"/ });
});

test('a manifest that is no JSON is named with its file, beside every other fault', (t) => {
  const folder = folderWith([plugin('aa', { core: '^9.0.0' })]);
  mkdirSync(join(folder, 'broken'));
  writeFileSync(join(folder, 'broken', 'plugin.json'), '{');
  const error = t.throws(() => findManifests([], folder));
  t.regex(error?.message ?? '', /broken\/plugin\.json cannot be read as JSON/);
  t.regex(error?.message ?? '', /written for core \^9\.0\.0/);
});

test('a plugin may not claim what is the core’s', (t) => {
  t.regex(manifestFaults(plugin('aa', { paths: ['/admin'] })).join(), /belongs to the core/);
  t.regex(manifestFaults(plugin('aa', { permissions: { 'bb.do': 'x' } })).join(), /does not begin/);
  t.deepEqual(manifestFaults(plugin('aa', { paths: ['/aa'], permissions: { 'aa.do': 'x' } })), []);
});

test('a word that nobody knows is named, with those that are known', (t) => {
  const faultsOf = (more: object) => manifestFaults(plugin('aa', more)).join('\n');
  t.regex(faultsOf({ titel: 'x' }), /"titel" is not known/);
  t.regex(
    faultsOf({ capabilities: { needs: ['collect.fom'] } }),
    /collect\.form.*not "collect\.fom"/,
  );
  t.regex(faultsOf({ roles: { orgniser: [] } }), /"orgniser" is not known/);
  t.regex(faultsOf({ roles: { organiser: ['aa.do'] } }), /roles name "aa\.do"/);
  const practice = {
    ...{ data: 'user', purpose: 'aa.why', source: 'person', tables: ['aa.b'], processors: [] },
  };
  t.regex(
    faultsOf({ dataPractices: [{ ...practice, basis: 'concent', keep: 'P1Y' }] }),
    /consent, .*not "concent"/,
  );
  t.regex(
    faultsOf({ dataPractices: [{ ...practice, basis: 'consent', keep: '1 year' }] }),
    /1 year/,
  );
  t.is(faultsOf({ dataPractices: [{ ...practice, basis: 'consent', keep: 'P30D' }] }), '');
});
