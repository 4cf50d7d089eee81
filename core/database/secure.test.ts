import test from 'ava';
import { cloneDatabase } from '../testing/database.ts';

test('a chapter reads the rows of its organizations and no other, and none while unset', async (t) => {
  const { database } = await cloneDatabase(t);
  const { db } = database;
  await db.raw(`create table core.leaflet (id bigint, organization_id bigint);
    insert into core.leaflet values (1, 1), (2, 2), (3, 3);
    grant select on core.leaflet to rostra_chapter;
    select core.secure('core.leaflet', 'organization_id = any ((select core.visible())::bigint[])')`);

  const seen = (organizations: string | undefined) =>
    db.transaction(async (transaction) => {
      await transaction.raw('set local role rostra_chapter');
      if (organizations !== undefined) {
        await transaction.raw(`select set_config('rostra.organizations', ?, true)`, [
          organizations,
        ]);
      }
      const found = await transaction.raw('select id from core.leaflet order by id');
      return found.rows.map((row: { id: string }) => row.id);
    });

  t.deepEqual(await seen(undefined), []);
  t.deepEqual(await seen('{1,3}'), ['1', '3']);
  t.deepEqual(await seen(''), [], 'unset again after a transaction that had set it');
  const all = await db.raw('select id from core.leaflet');
  t.is(all.rows.length, 3, 'the pool itself reads all');
});
