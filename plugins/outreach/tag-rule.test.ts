// Tags by rule: how a word is found, and that a sister chapter meets no rule.
import test from 'ava';
import { sisterFaults } from 'rostra/testing';
import { scene } from './fixture.ts';
import * as sql from './tag-rule.sql.ts';
import { holdsOne } from './tag-rule.ts';

test('a word is found whole, whatever its case and accents, and not within another', (t) => {
  for (const [text, expected] of [
    ['vélo', true],
    ['Oui au VELO !', true],
    ['vélos', false],
    ['du pain bio, svp', true],
    ['du pain', false],
    ['', false],
  ] as const) {
    t.is(holdsOne(text, ['Vélo', 'Pain bio']), expected, text);
  }
});

test('a sister chapter reads and changes no rule', async (t) => {
  const { app, chapter: own, scope: lyon } = await scene(t, { count: 0 });
  const sister = await app.chapter('Lille');
  const id = await sql.insertTagRule(lyon, { sendId: null, words: ['vélo'], tag: 'Cyclistes' });
  const faults = await sisterFaults(
    {
      ...{ app, own, sister, folder: import.meta.dirname },
      ...{ files: /^tag-rule/, tables: ['outreach.tag_rule'] },
    },
    {
      reads: { findTagRules: sql.findTagRules },
      writes: {
        countTagRule: (scope) => sql.countTagRule(scope, id, 'put'),
        deleteTagRule: (scope) => sql.deleteTagRule(scope, id),
      },
      unbounded: { insertTagRule: 'inserts' },
    },
  );
  t.deepEqual(faults, []);
});
