import { createHmac } from 'node:crypto';
import test from 'ava';
import { People } from 'rostra/people';
import { Settings, Subjects } from 'rostra/plugin';
import { type App, makeApp } from 'rostra/testing';
import { closeOffersBefore, findOffersOf, findOpenOffers } from './offer.sql.ts';

const hookSecret = 'a secret that both sides know';

/** A server on which the plugin is on, stopped after the tests. */
let app: App;
const ends: (() => unknown)[] = [];
test.before(async () => {
  app = await makeApp(
    { teardown: (end) => void ends.push(end) },
    { plugins: [import.meta.dirname] },
  );
  await app.house.verbs.switchPlugin(app.scope(), 'example', true);
  await app.get('example')(Settings).write(app.scope(), { openDays: 10, hookSecret });
});
test.after.always(async () => {
  for (const end of ends.reverse()) await end();
});

function send(offer: object, secret = hookSecret) {
  const body = JSON.stringify(offer);
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-signature': signature };
  return app.visitor().ask('POST', '/hooks/example/offers', { body, headers });
}

function offerOf(reference: string) {
  return { reference, emailAddress: `${reference}@example.org`, text: `I can do ${reference}` };
}

async function personOf(reference: string): Promise<string> {
  const people = app.get('example')(People);
  return (await people.findByEmail(app.scope(), `${reference}@example.org`))?.id ?? '';
}

test.serial(
  'an offer that is signed is taken, once, and shown to staff and visitors',
  async (t) => {
    t.is((await send(offerOf('baking'))).status, 204);
    t.is((await send(offerOf('baking'))).status, 204);
    t.is((await findOpenOffers(app.scope(), 10)).length, 1);
    const staff = await app.staff('organiser');
    t.regex((await staff.get('/admin/example')).body, /I can do baking/);
    t.regex((await app.visitor().get('/example')).body, /One offer of help is open/);
  },
);

test.serial('an offer that is not signed, or not one, is refused', async (t) => {
  t.is((await send(offerOf('lying'), 'another secret than that')).status, 401);
  t.is((await send({ reference: 'x', text: 'y' })).status, 422);
  t.is(await personOf('lying'), '');
});

test.serial('the person’s page shows the offer, and their story tells of it once', async (t) => {
  await send(offerOf('driving'));
  await app.drain();
  await app.drain();
  const staff = await app.staff();
  const { body } = await staff.get(`/admin/people/${await personOf('driving')}`);
  t.regex(body, /I can do driving/);
  t.is(body.match(/Offered help/g)?.length, 1);
});

test.serial('a job closes what nobody took up', async (t) => {
  await send(offerOf('singing'));
  const id = await personOf('singing');
  const job = app.house.registry.find('example')?.contributions.jobs?.[0];
  app.clock.set('2026-12-01T10:00:00Z');
  await job?.run(app.scope(), {});
  t.is((await findOffersOf(app.scope(), id))[0]?.closedAt, null);
  app.clock.set('2026-12-06T10:00:00Z');
  await job?.run(app.scope(), {});
  t.truthy((await findOffersOf(app.scope(), id))[0]?.closedAt);
});

test.serial(
  'the person gets to see it, takes it along in a merge, and has it erased',
  async (t) => {
    await send(offerOf('from'));
    await send(offerOf('into'));
    const [from, into] = [await personOf('from'), await personOf('into')];
    const subjects = app.get('example')(Subjects);
    await subjects.merge(app.scope(), from, into);
    const told: unknown[] = [];
    for await (const { plugin, row } of subjects.export(app.scope(), into)) {
      if (plugin === 'example') told.push(row['text']);
    }
    t.deepEqual(told, ['I can do from', 'I can do into']);
    await subjects.erase(app.scope(), into);
    t.deepEqual(await findOffersOf(app.scope(), into), []);
  },
);

test.serial('a sister chapter sees nothing, and its job closes nothing of ours', async (t) => {
  await send(offerOf('sewing'));
  const id = await personOf('sewing');
  const sister = app.scope(await app.chapter('Sister'));
  t.deepEqual(await findOpenOffers(sister, 10), []);
  t.deepEqual(await findOffersOf(sister, id), []);
  await sister.write((own) => closeOffersBefore(own, new Date('2030-01-01')));
  t.is((await findOffersOf(app.scope(), id))[0]?.closedAt, null);
});

test.serial('off, its addresses are not there', async (t) => {
  await app.house.verbs.switchPlugin(app.scope(), 'example', false);
  t.is((await app.visitor().get('/example')).status, 404);
  t.is((await send(offerOf('late'))).status, 404);
  t.is((await (await app.staff()).get('/admin/example')).status, 404);
});
