// Each query from a sister chapter: it finds nothing, and touches nothing.
import test from 'ava';
import { People } from 'rostra/people';
import { makeApp, sisterFaults } from 'rostra/testing';
import * as offer from './offer.sql.ts';

test('a sister chapter reads and changes no offer', async (t) => {
  const app = await makeApp(t, { plugins: [import.meta.dirname] });
  await app.house.verbs.switchPlugin(app.scope(), 'example', true);
  const [own, sister] = [await app.chapter('Own'), await app.chapter('Sister')];
  const scope = app.scope(own);
  const fields = { emailAddress: 'ana@example.org', source: 'test' };
  const { id: personId } = await app.get('example')(People).upsert(scope, fields);
  const made = { personId, reference: 'x', text: 'I can bake' };
  const id = (await offer.insertOffer(scope, made)) ?? '';
  const faults = await sisterFaults(
    { app, own, sister, folder: import.meta.dirname, tables: [offer.table] },
    {
      reads: {
        findOpenOffers: (scope) => offer.findOpenOffers(scope, 9),
        countOpenOffers: offer.countOpenOffers,
        findOffersOf: (scope) => offer.findOffersOf(scope, personId),
      },
      writes: {
        markTold: (scope) => offer.markTold(scope, id),
        closeOffersBefore: (scope) => offer.closeOffersBefore(scope, new Date('2030-01-01')),
      },
      unbounded: {
        insertOffer: 'inserts',
        readSubject: 'rights',
        deleteSubject: 'rights',
        moveSubject: 'rights',
        deleteMadeBefore: 'retention',
      },
    },
  );
  t.deepEqual(faults, []);
});
