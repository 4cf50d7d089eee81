// Of those who have a tag: the same answer one by one and by SQL, nobody else, and what the law asks of where it came from.
import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import { makeApp } from 'rostra/testing';
import { factsOf, type Known, knownOf, reach } from './contact.ts';
import { fill, somebody } from './crowd/fixture.ts';
import { depsOf } from './deps.ts';
import { idsOf, scene } from './fixture.ts';
import { knownToSender, type ReachAct } from './index.ts';
import { findPeople } from './person.sql.ts';
import { makePeople } from './person.ts';
import { findPlaces } from './reach.sql.ts';
import { decideReach } from './reach.ts';
import { planOf } from './reach-plan.ts';
import { tagPeople, tags } from './tag.ts';

const [count, seed] = [400, 20_261_129];

test('random people with a tag are answered alike one by one and by SQL, and nobody without it is', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  await app.staff();
  const chapter = await app.chapter('Lyon');
  await fill(app, chapter, fc.sample(somebody, { numRuns: count, seed }));
  const { db } = app.house.database;
  await db.raw(`insert into people.tag (name, created_at) values ('velo', '2026-11-01')`);
  await db.raw(
    `insert into people.tagging (tag_id, person_id, by_account, at)
     select t.id, p.id, case when p.id % 5 = 0 then (select min(id) from core.account) end, '2026-11-02'
     from people.tag t cross join people.person p where p.id % 3 > 0`,
  );
  await db.raw(
    `insert into people.provenance (person_id, field, item, kind, at)
     select g.person_id, 'tag', g.tag_id, case when g.person_id % 2 = 0 then 'person' else 'import' end, '2026-11-02'
     from people.tagging g where g.person_id % 7 > 2`,
  );
  // Some of whom the law has only one thing left to ask.
  await db.raw(`update people.person set birth_date = '1980-02-28' where id % 4 = 0`);
  await db.raw(
    `insert into people.consent (organization_id, person_id, channel, purpose, given, locale, source, at, digest)
     select :root, p.id, c.channel, c.purpose, true, 'fr', 'stand', '2026-11-03', ''
     from people.person p cross join (values ('email', 'campaign'), ('sms', 'campaign'), ('targeting', 'targeting'))
       c (channel, purpose) where p.id % 4 = 0 order by p.id`,
    { root: app.scope().organization.id },
  );
  await db.raw('analyze');
  const [tag] = await tags.list(app.scope());
  const seen = new Set<string>();
  for (const scope of [app.scope(), app.scope(chapter)]) {
    const ids = Array.from({ length: count }, (_, index) => String(index + 1));
    const people = await findPeople(scope, ids);
    const all: Known[] = [];
    for (let at = 0; at < people.length; at += 10) {
      const some = people.slice(at, at + 10);
      all.push(...(await Promise.all(some.map((one) => knownOf(scope, one)))));
    }
    for (const jurisdiction of ['fr', 'gb', 'us']) {
      const law = app.house.packs.lawOf(jurisdiction, () => scope.now());
      for (const channel of ['email', 'sms'] as const) {
        const act: ReachAct = {
          ...{ channel, purpose: 'targeting', tagId: tag?.id ?? '' },
          met: knownToSender,
        };
        const plan = planOf(law, act);
        const found = await findPlaces(scope, plan, { after: '0', until: '999999999' });
        t.deepEqual(await findPlaces(scope, plan, { ids }), found, 'by their ids as between two');
        const places = new Map(found.map(({ id, place }) => [id, place]));
        for (const known of all) {
          const alone = decideReach(law, factsOf(scope, known, act), act);
          const among = plan.answers[places.get(known.person.id) ?? -1];
          seen.add(alone.why);
          if (among ? isDeepStrictEqual(alone, among) : alone.why === 'not-tagged') continue;
          t.deepEqual(among, alone, JSON.stringify({ act, jurisdiction, id: known.person.id }));
          return;
        }
        const isTagged = all.filter(({ person }) => Number(person.id) % 3 > 0).length;
        t.is(found.length, isTagged, 'nobody else is looked at');
      }
    }
  }
  const met = ['not-tagged', 'indirect-tag', 'no-targeting-consent', 'uninformed', 'yes'];
  t.deepEqual(
    met.filter((why) => !seen.has(why)),
    [],
  );
});

test('in France a tag chooses somebody who gave it themselves, not one whom staff gave it to', async (t) => {
  const { app, deps, scope, id, why, say } = await scene(t);
  await say('email', 'campaign');
  await say('targeting', 'targeting');
  await app.house.database.db.raw(`update people.person set birth_date = '1980-02-28'`);
  await tagPeople(scope, deps, [id], 'bénévole');
  const [tag] = await tags.list(scope);
  t.like(tag, { name: 'bénévole', people: 1 });
  const act: ReachAct = {
    ...{ channel: 'email', purpose: 'targeting', tagId: tag?.id ?? '' },
    met: ['no.special_categories'],
  };
  t.is(await why(act), 'yes', 'it came with the record of a sign-up');
  await app.house.database.db.raw('delete from people.tagging');
  const staff = await app.staff();
  await app.house.database.db.raw(
    `insert into people.tagging (tag_id, person_id, by_account, at)
     select :tag, :id, min(id), '2026-11-02' from core.account`,
    { tag: tag?.id ?? '', id },
  );
  t.is(await why(act), 'indirect-tag');
  const law = await reach.may(scope, id, act);
  t.true(law?.reasons.some(({ source }) => /2024\/900, art\. 18\(1\)\(a\)/.test(source)));
  const page = `/admin/people/${id}/tags`;
  t.is((await staff.post(page, { label: 'Bénévole' })).status, 303);
  t.is(await why(act), 'indirect-tag', 'put there once more it is still theirs');
  t.is((await staff.post(page, { label: 'Bénévole', told: 'true' })).status, 303);
  t.is(await why(act), 'yes', 'she told them so');
  t.is(await why({ ...act, tagId: '999' }), 'not-tagged');
});

test('a chapter reaches those of a tag whom it sees, and no tag is offered that nobody there has', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us' });
  const [here, there] = [await app.chapter('Ohio'), await app.chapter('Utah')];
  const ohio = app.scope(here);
  const utah = app.scope(there);
  const people = makePeople(depsOf(app.get('people')));
  const fields = { tags: ['canvasser'], source: 'website.sign-up' };
  const one = await people.upsert(ohio, { ...fields, emailAddress: 'a@x.example' });
  await people.upsert(utah, { ...fields, emailAddress: 'b@x.example', tags: ['driver'] });
  const list = async (scope: typeof ohio) =>
    (await tags.list(scope)).map(({ name, people }) => [name, people]);
  t.deepEqual(await list(ohio), [['canvasser', 1]]);
  t.deepEqual(await list(utah), [['driver', 1]]);
  const [tag] = await tags.list(ohio);
  const act: ReachAct = { channel: 'email', purpose: 'targeting', tagId: tag?.id ?? '' };
  t.deepEqual(await idsOf(ohio, act), [one.id]);
  t.deepEqual(await idsOf(utah, act), []);
});
