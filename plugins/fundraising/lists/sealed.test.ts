// A donor who was erased is named in what the law wants filed, to the treasurer alone, and every time it is noted.
import test from 'ava';
import { Subjects } from 'rostra/plugin';
import { aroundOf, makeRecipient, offerOf, officerOf, openDesk } from '../fixture.ts';
import { insertOffice } from '../office.sql.ts';
import { record } from '../pledge.ts';
import { openList } from './catalogue.ts';

const year = { since: '2026-01-01', until: '2026-12-31', format: 'csv' };

async function scene(t: Parameters<typeof openDesk>[0], kind: 'party' | 'candidate') {
  const election = kind === 'candidate' ? 'Municipales 2026' : undefined;
  const desk = await openDesk(t, 'fr', { kind, election });
  const { app, scope, deps, recipient } = desk;
  const clients = {
    treasurer: await app.staff('treasurer'),
    accountant: await app.staff('treasurer'),
  };
  const { rows } = await app.house.database.db.raw('select id from core.account order by id');
  const [one, other] = rows.slice(-2).map(({ id }: { id: string }) => id);
  await scope.write(async (own) => {
    const held = { recipientId: recipient.id };
    await insertOffice(own, { ...held, accountId: one, duty: 'treasurer' });
    await insertOffice(own, { ...held, accountId: other, duty: 'accountant' });
  });
  const identity = { ...offerOf(scope).identity, familyName: 'Effacée' };
  const gift = await record(scope, deps, recipient, offerOf(scope, { identity }), aroundOf());
  const other2 = { ...identity, familyName: 'Restée', emailAddress: 'stays@example.org' };
  await record(scope, deps, recipient, offerOf(scope, { identity: other2 }), aroundOf());
  await app
    .get('privacy')(Subjects)
    .erase(scope, gift.personId ?? '');
  const take = async (who: keyof typeof clients, list: string) =>
    (await clients[who].post(`/admin/fundraising/${recipient.id}/lists`, { ...year, list })).body;
  const noted = async () => {
    const found = await app.house.database.db.raw(
      `select d.details from core.audit a join core.audit_detail d on d.audit_id = a.id
       where a.act = 'privacy.kept.listed' order by a.id`,
    );
    return found.rows.map(({ details }: { details: unknown }) => details);
  };
  return { ...desk, take, noted };
}

test.serial(
  'an erased donor is named in the file for the authority, to the treasurer alone, and it is noted',
  async (t) => {
    const { app, take, noted } = await scene(t, 'party');
    const file = await take('treasurer', 'finpol');
    t.regex(file, /Zoé\tEffacée\t/);
    t.regex(file, /Restée/);
    t.deepEqual(await noted(), [{ reason: 'list.finpol', count: 1 }]);
    t.notRegex(await take('accountant', 'finpol'), /Effacée/);
    t.notRegex(await take('treasurer', 'donors'), /Effacée/, 'no law wants that one filed');
    t.is((await noted()).length, 1);
    const left = await app.house.database.db.raw(
      `select d::text as one from fundraising.donation d union all select k::text from privacy.kept k`,
    );
    t.false(left.rows.some(({ one }: { one: string }) => /Effacée/.test(one)));
    // The law's time is over.
    await app.house.database.db.raw('delete from privacy.kept');
    t.notRegex(await take('treasurer', 'finpol'), /Effacée/);
  },
);

test.serial('the list that goes with a candidate’s account names them as well', async (t) => {
  const { take, noted } = await scene(t, 'candidate');
  t.regex(await take('treasurer', 'donors'), /Effacée/);
  t.notRegex(await take('accountant', 'donors'), /Effacée/);
  t.deepEqual(await noted(), [{ reason: 'list.donors', count: 1 }]);
});

test.serial(
  'a treasurer of a chapter, who sees nothing else of what is sealed, has the names as well',
  async (t) => {
    const { app, deps } = await openDesk(t, 'fr');
    const lyon = await app.chapter('Lyon');
    const scope = app.scope(lyon);
    const recipient = await makeRecipient(scope, { kind: 'local_party' });
    const actor = await officerOf({ app, scope }, recipient.id, 'treasurer');
    const identity = { ...offerOf(scope).identity, familyName: 'Effacée' };
    const gift = await record(scope, deps, recipient, offerOf(scope, { identity }), aroundOf());
    await app
      .get('privacy')(Subjects)
      .erase(app.scope(), gift.personId ?? '');
    const rows = await app.house.scopes.with({ organizationId: lyon, actor }, async (own) => {
      const sheet = await openList(own, deps, recipient, { ...year, name: 'finpol' });
      const found: unknown[] = [];
      for await (const row of sheet.rows) found.push(row);
      return found;
    });
    t.regex(JSON.stringify(rows), /Effacée/);
  },
);
