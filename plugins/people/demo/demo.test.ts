// Invented people: the same each time, believable, reachable nowhere; and what real people have come to hang on stays.
import test from 'ava';
import { makeApp } from 'rostra/testing';
import { seal, verifyChains } from '../consent-chain.ts';
import { depsOf } from '../deps.ts';
import { Consents, People } from '../index.ts';
import { makeDemo } from './demo.ts';
import { type Invented, inventPeople } from './invent.ts';

const now = new Date('2026-11-24T10:00:00Z');

async function invent(country: string, count: number): Promise<Invented[]> {
  const areas = country === 'fr' ? ['69', '59', '44'] : ['OH', 'GA', 'AZ'];
  const people: Invented[] = [];
  for await (const one of inventPeople({ country, now, areas, taken: new Set() })) {
    people.push(one);
    if (people.length === count) break;
  }
  return people;
}

const withoutKey = ({ key: _, ...rest }: Invented) => rest;

for (const country of ['fr', 'us']) {
  test(`the people of ${country} are the same each time, and nobody’s address or number`, async (t) => {
    const people = await invent(country, 3_000);
    t.deepEqual((await invent(country, 300)).map(withoutKey), people.slice(0, 300).map(withoutKey));
    const addresses = people.flatMap(({ emails }) => emails.map(({ address }) => address));
    t.is(new Set(addresses).size, addresses.length);
    t.deepEqual(
      addresses.filter((one) => !/^[a-z0-9._]+@example\.org$/.test(one)),
      [],
    );
    const fiction =
      country === 'fr' ? /^\+33(63998|19900|26191|35301|46571|53649)\d{4}$/ : /^\+1\d{3}55501\d\d$/;
    t.deepEqual(
      people.flatMap(({ phones }) => phones).filter((one) => !fiction.test(one)),
      [],
    );
  });
}

test('they are as different as people are', async (t) => {
  const people = await invent('fr', 3_000);
  const some = (what: string, is: (one: Invented) => boolean, least: number) =>
    t.true(people.filter(is).length >= least, `${what}: ${people.filter(is).length}`);
  some('accents', ({ familyName }) => /[^ -~]/.test(familyName ?? ''), 100);
  some('hyphens', ({ givenName, familyName }) => /-/.test(`${givenName}${familyName}`), 100);
  some('several addresses', ({ emails }) => emails.length > 1, 50);
  some('a telephone alone', ({ emails, phones }) => emails.length === 0 && phones.length > 0, 100);
  some('minors', ({ birthDate }) => (birthDate ?? '') > '2008-11-24', 5);
  some('withdrew', ({ consents }) => consents.some(({ given }) => !given), 30);
  some('left', ({ relations }) => relations.some(({ kind }) => kind === 'former_member'), 50);
  some(
    'of this month',
    ({ createdAt }) => now.getTime() - createdAt.getTime() < 30 * 24 * 3600_000,
    100,
  );
  const homes = people
    .filter(({ street }) => street)
    .map(({ street, place }) => `${street} ${place.postcode}`);
  t.true(homes.length - new Set(homes).size > 100, 'couples live together');
  t.deepEqual(
    people.filter(({ createdAt }) => createdAt > now),
    [],
  );
  t.true(new Set(people.map(({ place }) => place.locality)).size > 500, 'real communes');
});

test('what staff tried on an invented person goes too, the chain stays whole, and a real person is not touched', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr', locale: 'fr' });
  const scope = app.scope();
  const get = app.get('website');
  const marks = new Map<string, string[]>();
  const demo = makeDemo(depsOf(app.get('people')));
  const plan = {
    ...{ country: 'fr', locale: 'fr', people: 40, chapters: [], tell: () => {} },
    mark: async (_: unknown, kind: string, ids: readonly string[]) =>
      void marks.set(kind, [...(marks.get(kind) ?? []), ...ids]),
  };
  await demo.fill(scope, plan);
  const [first = '', second = ''] = marks.get('person') ?? [];
  const said = {
    channel: 'email',
    purpose: 'newsletter',
    wording: 'Oui',
    locale: 'fr',
    source: 'staff',
  };
  const real = await get(People).upsert(scope, {
    ...{ givenName: 'Zoé', familyName: 'Réelle', emailAddress: 'zoe@example.fr', source: 'staff' },
    tags: ['marché'],
  });
  for (const personId of [first, real.id])
    await get(Consents).give(scope, { ...said, personId, evidence: { form: '1' } });
  await seal(scope);
  t.deepEqual(await verifyChains(scope), []);
  const { db } = app.house.database;
  const sealed = async () =>
    Number((await db('people.consent').whereNotNull('position').count())[0]?.count);
  t.is(await sealed(), 2);
  await app.house.subjects.merge(scope, real.id, second);

  const traces = {
    chapters: [],
    marked: async (_: unknown, kind: string) => marks.get(kind) ?? [],
  };
  await scope.write((own) => demo.remove(own, traces));
  const left = await db('people.person').whereNull('erased_at').select('family_name');
  t.is(left.length, 1, 'who was merged into an invented record is there, under its number');
  t.truthy(await get(People).findByEmail(scope, 'zoe@example.fr'));
  t.true((await db('people.tag').pluck('name')).includes('marché'));
  t.is(await sealed(), 2);
  t.is((await db('people.consent').where({ person_id: first })).length, 0);
  t.deepEqual(await verifyChains(scope), []);
});
