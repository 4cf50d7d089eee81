import test from 'ava';
import { Consents, People } from 'rostra/people';
import { Subjects } from 'rostra/plugin';
import { type App, makeApp, makePeer, type Peer, type Test } from 'rostra/testing';
import { findCandidate, findCandidatesOf, findWaiting } from './candidate.sql.ts';
import { findSearch } from './search.sql.ts';
import { person as account, fediverse } from './sources/fediverse.fixture.ts';

interface World {
  app: App;
  peer: Peer;
  /** A new person, in the country named; answers the id. */
  makePerson(country?: string): Promise<string>;
  agree(personId: string): Promise<void>;
}

const ends: (() => unknown)[] = [];
let world: Promise<World> | undefined;
test.after.always(async () => {
  for (const end of ends.reverse()) await end();
});

/** One server and one peer for all tests of this file; each makes its own people. */
async function worldOf(): Promise<World> {
  world ??= open({ teardown: (end) => void ends.push(end) });
  const { peer } = await world;
  peer.asked.length = 0;
  return world;
}

async function open(t: Test): Promise<World> {
  const peer = await makePeer(t, fediverse({ alex: account('alex') }));
  const app = await makeApp(t, { jurisdiction: 'us', allowPrivate: [peer.host] });
  const get = app.get('social-match');
  let made = 0;
  return {
    app,
    peer,
    async makePerson(country = 'US') {
      made += 1;
      const emailAddress = `person${made}@example.org`;
      const fields = {
        givenName: 'Alex',
        emailAddress,
        postalAddress: { country },
        source: 'test',
      };
      return (await get(People).upsert(app.scope(), fields)).id;
    },
    async agree(personId) {
      await get(Consents).give(app.scope(), consentOf(personId));
    },
  };
}

function consentOf(personId: string) {
  return {
    personId,
    channel: 'social',
    purpose: 'social_match',
    wording: 'Yes',
    locale: 'en',
    source: 'test',
    evidence: { form: '1' },
  };
}

test.serial('a person who agreed is looked for, and staff confirm what is found', async (t) => {
  const { app, peer, makePerson } = await worldOf();
  const id = await makePerson();
  const staff = await app.staff('organiser');
  const before = await staff.get(`/admin/people/${id}`);
  t.regex(before.body, /no network has been asked/);

  const bare = await staff.post(`/admin/social-match/people/${id}`, { handle: 'alex' });
  t.is(bare.status, 422);
  t.regex(bare.body, /Without their agreement nobody may be asked/);
  t.regex(bare.body, /value="alex"/);
  const form = { handle: `@alex@${peer.host}`, agreed: 'true', evidence: 'Form of 3 May' };
  const asked = await staff.post(`/admin/social-match/people/${id}`, form);
  t.is(asked.location, `/admin/people/${id}`);
  t.deepEqual(peer.asked, []);
  await app.drain();
  t.is(peer.asked.length, 2);

  const scope = app.scope();
  const [candidate] = await findCandidatesOf(scope, id);
  t.like(candidate, { name: 'Alex Rivera', state: 'waiting' });
  const list = await staff.get('/admin/social-match');
  t.regex(list.body, /I plant trees/);
  t.notRegex(list.body, /avatar\.png|<img/);
  const story = async () => (await staff.get(`/admin/people/${id}`)).body;
  t.notRegex(await story(), /Social profile @alex.* confirmed/);

  const done = await staff.post(`/admin/social-match/candidates/${candidate?.id}/confirm`, {});
  t.is(done.location, `/admin/people/${id}`);
  t.regex(await story(), /Social profile @alex.* confirmed/);
  const twice = await staff.post(`/admin/social-match/candidates/${candidate?.id}/confirm`, {});
  t.is(twice.status, 409);
});

test.serial(
  'the decision and the consent lie with the candidate, and the person gets to see it',
  async (t) => {
    const { app, peer, makePerson, agree } = await worldOf();
    const id = await makePerson();
    await agree(id);
    const staff = await app.staff();
    await staff.post(`/admin/social-match/people/${id}`, { handle: `alex@${peer.host}` });
    await app.drain();
    const { rows } = await app.house.database.db.raw(
      `select c.decision, k.purpose from social_match.candidate c join people.consent k on k.id = c.consent_id
     where c.person_id = :id`,
      { id },
    );
    t.is(rows[0].purpose, 'social_match');
    t.is(rows[0].decision.effect, 'allow');
    t.regex(rows[0].decision.reasons[0].rule, /enrich\.social/);
    const told = [];
    for await (const record of app.house.subjects.export(app.scope(), id)) {
      if (record.plugin === 'social-match') told.push(record.table);
    }
    t.deepEqual(told, ['social_match.search', 'social_match.candidate']);
  },
);

test.serial(
  'nobody is looked for without consent, nor where the person’s own law says no',
  async (t) => {
    const { app, peer, makePerson, agree } = await worldOf();
    const staff = await app.staff();
    const french = await makePerson('FR');
    await agree(french);
    const page = await staff.get(`/admin/social-match/people/${french}`);
    t.regex(page.body, /8 novembre 2016/);
    const answer = await staff.post(`/admin/social-match/people/${french}`, {
      handle: `alex@${peer.host}`,
    });
    t.is(answer.status, 451);
    await app.drain();
    t.deepEqual(peer.asked, []);
    t.is(await findSearch(app.scope(), french), undefined);
  },
);

test.serial(
  'a consent withdrawn before the job runs stops it, and one withdrawn later takes all away',
  async (t) => {
    const { app, peer, makePerson, agree } = await worldOf();
    const consents = app.get('social-match')(Consents);
    const staff = await app.staff();
    const id = await makePerson();
    await agree(id);
    const ask = () =>
      staff.post(`/admin/social-match/people/${id}`, { handle: `alex@${peer.host}` });
    await ask();
    await consents.withdraw(app.scope(), consentOf(id));
    await app.drain();
    t.deepEqual(peer.asked, []);

    await agree(id);
    await ask();
    await app.drain();
    t.is((await findCandidatesOf(app.scope(), id)).length, 1);
    await consents.withdraw(app.scope(), consentOf(id));
    await app.drain();
    t.deepEqual(await findCandidatesOf(app.scope(), id), []);
    t.is(await findSearch(app.scope(), id), undefined);
  },
);

test.serial('a rejected profile is emptied and not proposed again', async (t) => {
  const { app, peer, makePerson, agree } = await worldOf();
  const staff = await app.staff();
  const id = await makePerson();
  await agree(id);
  const ask = async () => {
    await staff.post(`/admin/social-match/people/${id}`, { handle: `alex@${peer.host}` });
    await app.drain();
  };
  await ask();
  const [candidate] = await findWaiting(app.scope(), 10);
  const reject = `/admin/social-match/candidates/${candidate?.id}/reject`;
  t.is((await staff.post(reject, { from: 'list' })).location, '/admin/social-match');
  await ask();
  t.deepEqual(await findCandidatesOf(app.scope(), id), []);
  const { rows } = await app.house.database.db.raw(
    'select * from social_match.candidate where person_id = :id',
    { id },
  );
  t.is(rows.length, 1);
  t.notRegex(JSON.stringify(rows[0]), /alex|Rivera|trees/i);
});

test.serial('the audit trail names no profile, for it may prove to be a stranger’s', async (t) => {
  const { app, peer, makePerson, agree } = await worldOf();
  const staff = await app.staff();
  const id = await makePerson();
  await agree(id);
  await staff.post(`/admin/social-match/people/${id}`, { handle: `alex@${peer.host}` });
  await app.drain();
  const [candidate] = await findCandidatesOf(app.scope(), id);
  for (const deed of ['confirm', 'reject']) {
    await staff.post(`/admin/social-match/candidates/${candidate?.id}/${deed}`, {});
  }
  const { rows } = await app.house.database.db.raw(
    `select act, subject_id, details from core.audit join core.audit_detail on audit_id = audit.id
     where person_id = :id and plugin = 'social-match' order by audit.id`,
    { id },
  );
  t.deepEqual(
    rows.map(({ act }: { act: string }) => act),
    ['search.requested', 'candidate.confirmed', 'candidate.rejected'].map(
      (act) => `social-match.${act}`,
    ),
  );
  t.is(rows[2].subject_id, candidate?.id);
  t.notRegex(JSON.stringify(rows), new RegExp(`alex|${peer.host}`, 'i'));
});

test.serial('a sister chapter sees nothing, by query or by address', async (t) => {
  const { app, peer, makePerson, agree } = await worldOf();
  const staff = await app.staff();
  const id = await makePerson();
  await agree(id);
  await staff.post(`/admin/social-match/people/${id}`, { handle: `alex@${peer.host}` });
  await app.drain();
  const [candidate] = await findWaiting(app.scope(), 10);
  const sister = await app.chapter('Ohio');
  const scope = app.scope(sister);
  t.deepEqual(await findWaiting(scope, 10), []);
  t.deepEqual(await findCandidatesOf(scope, id), []);
  t.is(await findCandidate(scope, candidate?.id ?? ''), undefined);
  t.is(await findSearch(scope, id), undefined);
  const volunteer = await app.staff('organiser', sister);
  const confirm = `/admin/@ohio/social-match/candidates/${candidate?.id}/confirm`;
  t.is((await volunteer.post(confirm, {})).status, 404);
});

test.serial('merged records keep one candidate, and an erased person leaves no row', async (t) => {
  const { app, peer, makePerson, agree } = await worldOf();
  const staff = await app.staff();
  const [from, into] = [await makePerson(), await makePerson()];
  for (const id of [from, into]) {
    await agree(id);
    await staff.post(`/admin/social-match/people/${id}`, { handle: `alex@${peer.host}` });
  }
  await app.drain();
  const subjects = app.get('social-match')(Subjects);
  await subjects.merge(app.scope(), from, into);
  await app.drain();
  t.is((await findCandidatesOf(app.scope(), into)).length, 1);
  t.deepEqual(await findCandidatesOf(app.scope(), from), []);
  await subjects.erase(app.scope(), into);
  const left = await app.house.database.db.raw(
    `select person_id from social_match.candidate where person_id in (:from, :into)
     union all select person_id from social_match.search where person_id in (:from, :into)`,
    { from, into },
  );
  t.deepEqual(left.rows, []);
  await app.drain();
  t.deepEqual(app.house.registry.faults(), []);
});

test.serial('off by choice it answers 404 and is gone from the navigation', async (t) => {
  const { app } = await worldOf();
  const staff = await app.staff();
  t.is((await staff.get('/admin/social-match')).status, 200);
  await app.house.verbs.switchPlugin(app.scope(), 'social-match', false);
  t.is((await staff.get('/admin/social-match')).status, 404);
  t.notRegex((await staff.get('/admin')).body, /social-match/);
  await app.house.verbs.switchPlugin(app.scope(), 'social-match', true);
});

test.serial('what waits is forgotten, and what lost its consent while it was off', async (t) => {
  const { app, peer, makePerson, agree } = await worldOf();
  const staff = await app.staff();
  const [kept, withdrawn] = [await makePerson(), await makePerson()];
  for (const id of [kept, withdrawn]) {
    await agree(id);
    await staff.post(`/admin/social-match/people/${id}`, { handle: `alex@${peer.host}` });
  }
  await app.drain();
  await app.house.verbs.switchPlugin(app.scope(), 'social-match', false);
  const consents = app.get('people')(Consents);
  await consents.withdraw(app.scope(), consentOf(withdrawn));
  await app.drain();
  const rights = app.house.registry.find('social-match')?.contributions.subject;
  await rights?.forget?.(app.scope());
  t.is((await findCandidatesOf(app.scope(), kept)).length, 1);
  app.clock.set('2026-12-26T10:00:00Z');
  await rights?.forget?.(app.scope());
  t.deepEqual(await findCandidatesOf(app.scope(), kept), []);
});
