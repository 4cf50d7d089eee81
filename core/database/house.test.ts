import test from 'ava';
import { cloneDatabase } from '../testing/database.ts';
import type { Db } from './connect.ts';

async function addOrganization(db: Db, slug: string, parent: string | null): Promise<string> {
  const found = await db.raw(
    `insert into core.organization (parent_id, slug, name, created_at)
     values (:parent, :slug, :slug, '2026-11-24') returning id`,
    { slug, parent },
  );
  return found.rows[0].id;
}

async function pathOf(db: Db, id: string): Promise<string> {
  const found = await db.raw('select path::text from core.organization where id = ?', [id]);
  return found.rows[0].path;
}

test('the party’s tree knows its paths, also after a chapter has moved', async (t) => {
  const { database } = await cloneDatabase(t);
  const { db } = database;
  const party = await addOrganization(db, 'party', null);
  const north = await addOrganization(db, 'north', party);
  const south = await addOrganization(db, 'south', party);
  const town = await addOrganization(db, 'town', north);
  t.is(await pathOf(db, town), `${party}.${north}.${town}`);
  await db.raw('update core.organization set parent_id = ? where id = ?', [south, north]);
  t.is(await pathOf(db, town), `${party}.${south}.${north}.${town}`);

  const below = db.raw('update core.organization set parent_id = ? where id = ?', [town, south]);
  await t.throwsAsync(below, { message: /cannot stand below itself/ });
  await t.throwsAsync(addOrganization(db, 'second', null), { message: /organization_one_root/ });
  await t.throwsAsync(addOrganization(db, 'Lyon 2', party), { message: /slug/ });
});

test('words are folded without accents and capitals, and an index may be built on it', async (t) => {
  const { database } = await cloneDatabase(t);
  const found = await database.db.raw(
    `select core.fold('ÉCOLE Œuvre Straße Łódź') as words, core.fold(null) as none`,
  );
  t.deepEqual({ ...found.rows[0] }, { words: 'ecole oeuvre strasse lodz', none: null });
  await t.notThrowsAsync(async () => {
    await database.db.raw(
      'create index on core.organization using gin (core.fold(name) gin_trgm_ops)',
    );
  });
});
