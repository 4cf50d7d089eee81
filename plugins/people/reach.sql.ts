// Whom we may reach, of all whom the scope sees: each person's place in the table of answers, found set by set.
import type { Scope } from 'rostra/plugin';
import { lastBirthDate } from './age.ts';
import { bounds, ofOurs, seen } from './bound.ts';
import { kindOf } from './consent.ts';
import type { ReachAct, ReachWhy } from './index.ts';
import { directSources, ledgerOf, targetingLedger, ways } from './reach-facts.ts';
import { originsOf, taggings } from './reach-origin.sql.ts';
import type { Dimension, Plan } from './reach-plan.ts';
import { valueOf } from './reach-value.sql.ts';
import { takesTexts, usedOn } from './reach-way.sql.ts';
import { callingCodes, codeLengths } from './telephone.ts';
import { windowPattern } from './window.ts';

/** Counted side by side by as many connections, where there are more than this one; of more, each reads the stops anew. */
const parts = 2;
const worthParts = 100_000n;

/** Those between two ids, or these. */
export type Those = { after: string; until: string } | { ids: string[] };

/** People by the place of their answer in `plan.answers`; of these alone, where ids are given. */
export async function countByAnswer(
  scope: Scope,
  plan: Plan,
  ids?: string[],
): Promise<{ place: number; people: number }[]> {
  const all: Those[] = ids ? [{ ids }] : await partsOf(scope);
  const counted = await Promise.all(
    all.map((those) =>
      scope.db.raw(
        `select place, count(*)::int as people from (${placesOf(scope, plan, howOf(those))}) found group by place`,
        { ...bindingsOf(scope, plan), ...those },
      ),
    ),
  );
  const sums = new Map<number, number>();
  for (const { place, people } of counted.flatMap(({ rows }) => rows)) {
    sums.set(place, (sums.get(place) ?? 0) + people);
  }
  return [...sums].map(([place, people]) => ({ place, people }));
}

async function partsOf(scope: Scope): Promise<{ after: string; until: string }[]> {
  const found = await scope.db.raw('select coalesce(max(id), 0) as last from people.person');
  const last = BigInt(found.rows[0].last);
  const many = scope.db.isTransaction || last < worthParts ? 1 : parts;
  const ends = Array.from({ length: many + 1 }, (_, at) =>
    String((last * BigInt(at)) / BigInt(many)),
  );
  return ends.slice(1).map((until, at) => ({ after: ends[at] ?? '0', until }));
}

/** Of some people those whose answer is this, in order. */
export async function findReachable(
  scope: Scope,
  plan: Plan,
  those: Those,
  why: ReachWhy = 'yes',
): Promise<string[]> {
  const wanted = plan.answers.flatMap((answer, place) => (answer.why === why ? [place] : []));
  const found = await scope.db.raw(
    `select id from (${placesOf(scope, plan, howOf(those))}) found
     where place = any (cast(:wanted as int[])) order by id`,
    { ...bindingsOf(scope, plan), ...those, wanted },
  );
  return found.rows.map((row: { id: string }) => row.id);
}

/** Of those whom a list says that they agreed, how many the organization asked to confirm it, and how many not yet. */
export async function countAsked(
  scope: Scope,
  plan: Plan,
): Promise<{ asked: number; left: number }> {
  const wanted = plan.answers.flatMap(({ why }, place) => (why === 'claimed' ? [place] : []));
  const found = await scope.db.raw(
    `select count(c.asked_at)::int as asked, (count(*) - count(c.asked_at))::int as left
     from (${placesOf(scope, plan)}) found join people.consent_claim c on c.person_id = found.id
     where place = any (cast(:wanted as int[])) and c.channel = :channel and c.organization_id = :organizationId`,
    { ...bindingsOf(scope, plan), wanted },
  );
  return found.rows[0];
}

/** Every person's answer, one by one. */
export async function findPlaces(
  scope: Scope,
  plan: Plan,
  those: Those,
): Promise<{ id: string; place: number }[]> {
  const found = await scope.db.raw(`${placesOf(scope, plan, howOf(those))} order by p.id`, {
    ...bindingsOf(scope, plan),
    ...those,
  });
  return found.rows;
}

/** The last id of the next so many whom the scope sees. */
export async function findNextStretch(
  scope: Scope,
  after: string,
  most: number,
): Promise<string | undefined> {
  const found = await scope.db.raw(
    `select max(id) as until from (select p.id from people.person p
       where p.id > :after and p.erased_at is null and ${seen(scope, 'p.id')} order by p.id limit :most) next`,
    { ...bounds(scope), after, most },
  );
  return found.rows[0].until ?? undefined;
}

type Within = 'between' | 'among' | undefined;

export const howOf = (those: Those): Within => ('ids' in those ? 'among' : 'between');

function within(column: string, how: Within): string {
  if (how === 'among') return `${column} = any (cast(:ids as bigint[]))`;
  return how ? `${column} > :after and ${column} <= :until` : 'true';
}

/** `select id, place`, and what else the caller wants: the sets are built once each and joined, whatever the law asks of how many. */
export function placesOf(scope: Scope, plan: Plan, how?: Within, more = ''): string {
  const joins = [
    wayOf(plan, how),
    homeOf(how),
    taggedOf(plan, how),
    ...plan.dimensions.map((one) => joinOf(scope, plan, one, how)),
  ];
  const cell = plan.dimensions.reduce(
    (sum, { name, values }) => `(${sum}) * ${values.length} + ${valueOf(plan, name, how)}`,
    'law.class',
  );
  const size = Math.max(0, ...Object.values(plan.classes)) + 1;
  const states = ways.length;
  return `select p.id, (cast(:table as int[]))[1 + case when way.state is distinct from 3
      then law.class * ${states} + coalesce(way.state, 0) else ${size * states} + ${cell} end] as place${more}
    from people.person p ${joins.filter(Boolean).join('\n')}
    cross join lateral (select ${classOf(plan)} as class) law
    where p.erased_at is null and ${within('p.id', how)} and ${seen(scope, 'p.id')}
      and ${plan.act.newsletterId ? 'letter.person_id is not null' : 'true'}`;
}

export function bindingsOf(scope: Scope, plan: Plan) {
  const { channel, purpose } = ledgerOf(plan.act);
  const born = plan.ages.map((age, index) => [`born${index}`, lastBirthDate(age, scope.now())]);
  return {
    ...bounds(scope),
    ...Object.fromEntries(born),
    ...{ letter: plan.act.newsletterId ?? null, tag: plan.act.tagId ?? null },
    ...{ channel, purpose, kind: kindOf(channel) ?? null, targeting: targetingLedger.channel },
    ...{ table: [...plan.table], classes: JSON.stringify(plan.classes) },
    ...{ abroad: Object.keys(plan.classes) },
    ...{ confirmWord: [...plan.confirming.word], confirmTarget: [...plan.confirming.targeting] },
    ...{ codes: codesOf(plan), direct: directSources, hours: windowPattern },
  };
}

/** As `ways` has them: 0 none, 1 stopped, 2 unsubscribed, 3 ok, 4 dead, 5 landline. Stops are few, and sought from their own side. */
function wayOf({ act }: Plan, how: Within): string {
  if (act.channel === 'post') {
    return `left join (select distinct a.person_id, 3 as state from people.postal_address a
      where ${within('a.person_id', how)}) way on way.person_id = p.id`;
  }
  const number = kindOf(act.channel) === 'phone' ? 'min(w.number)' : 'null';
  const isText = act.channel === 'sms';
  return `left join (select w.person_id, count(*) as ways, count(*) filter (where w.status = 'ok') as usable,
      ${isText ? `count(*) filter (where w.status = 'ok' and ${takesTexts}) as texted,` : ''} ${number} as number
    from people.${usedOn(act).table} w where ${within('w.person_id', how)} group by w.person_id) known on known.person_id = p.id
  left join (select stop.person_id, min(stop.state) as state, sum(stop.dead) as dead
      ${isText ? ', sum(stop.dead) filter (where stop.is_texted) as mute' : ''}
    from (${stopsOf(act)}) stop where ${within('stop.person_id', how)}
    group by stop.person_id) stopped on stopped.person_id = p.id
  cross join lateral (select case when known.person_id is null then 0
      else coalesce(nullif(stopped.state, 4), case ${isText ? 'when known.texted > coalesce(stopped.mute, 0) then 3' : ''}
        when known.usable > coalesce(stopped.dead, 0) then ${isText ? 5 : 3} else 4 end)
      end as state, known.number) way`;
}

/** Nobody without the tag is looked at any further. */
function taggedOf({ act, dimensions }: Plan, how: Within): string {
  if (!act.tagId) return '';
  const isAsked = dimensions.some(({ name }) => name === 'isTagDirect');
  return taggings(isAsked, how, (column) => within(column, how));
}

/** A row for each address that is stopped, and for each stop whose address the person no longer has. */
function stopsOf(act: ReachAct): string {
  const state = (reason: string) =>
    `case ${reason} when 'dead' then 4 when 'unsubscribed' then 2 else 1 end`;
  // "offset 0": the planner would read all addresses again for the few stops.
  return `select w.person_id, ${state('w.stop')} as state, (w.status = 'ok' and w.stop = 'dead')::int as dead,
      ${takesTexts} as is_texted
    from people.seen_address w where w.kind = :kind and w.stop is not null
    union all select s.person_id, ${state('s.reason')}, 0, false from people.suppression s
    where s.kind = :kind and s.person_id is not null and s.reason <> 'dead' and not exists (
      select from people.${usedOn(act).table} w where w.person_id = s.person_id and w.hash = s.hash offset 0)`;
}

/** Only those who live where the law asks something else; their first address counts. */
function homeOf(how: Within): string {
  return `left join (select distinct on (a.person_id) a.person_id, a.country from people.postal_address a
      where a.country = any (cast(:abroad as text[])) and ${within('a.person_id', how)} and a.id = (
        select min(b.id) from people.postal_address b where b.person_id = a.person_id and b.country is not null)
      order by a.person_id) home on home.person_id = p.id`;
}

/** By residence; where none is known, on the telephone by the country of the number. */
function classOf({ act }: Plan): string {
  const home = '(cast(:classes as jsonb) ->> home.country)::int';
  if (kindOf(act.channel) !== 'phone') return `coalesce(${home}, 0)`;
  const codes = codeLengths.map(
    (most) => `cast(:codes as jsonb) ->> substr(way.number, 2, ${most})`,
  );
  const dialled = `coalesce(${codes.join(', ')})`;
  return `coalesce(${home}, case when ${dialled} is not null and not exists (
      select from people.postal_address b where b.person_id = p.id and b.country is not null offset 0)
    then (${dialled})::int end, 0)`;
}

/** Of calling codes only those of countries where the law asks something else. */
function codesOf({ classes }: Plan): string {
  const abroad = Object.entries(callingCodes()).flatMap(([code, country]) =>
    classes[country] ? [[code, classes[country]]] : [],
  );
  return JSON.stringify(Object.fromEntries(abroad));
}

/** What must be joined for a dimension; each person once. */
function joinOf(scope: Scope, plan: Plan, { name }: Dimension, how: Within): string {
  switch (name) {
    case 'word':
      return [ledger('word', ':channel', ':purpose', how), claims(plan, how)].join('\n');
    case 'targeting':
      return ledger('target', ':targeting', ':targeting', how);
    case 'isSubscribed':
      return `left join (select distinct s.person_id from people.subscription s
          join people.newsletter n on n.id = s.newsletter_id
        where s.until is null and n.closed_at is null and ${ofOurs(scope, 'n.organization_id')}
          and ${plan.act.newsletterId ? 'n.id = :letter' : 'true'}
          and ${within('s.person_id', how)}) letter on letter.person_id = p.id`;
    case 'isWayDirect':
      return originsOf(plan.act, (column) => within(column, how));
    case 'isRegular':
      return `left join people.relation relation on relation.person_id = p.id and relation.until is null`;
    default:
      return '';
  }
}

/** The last yes and the last no; ids go up with time. */
function ledger(name: string, channel: string, purpose: string, how: Within): string {
  return `left join (select c.person_id, max(c.id) filter (where c.given) as yes,
      max(c.id) filter (where not c.given) as no
    from people.consent c where c.channel = ${channel} and c.purpose = ${purpose}
      and c.organization_id = any (cast(:above as bigint[])) and ${within('c.person_id', how)}
    group by c.person_id) ${name} on ${name}.person_id = p.id`;
}

/** Whoever has said anything on the channel since is taken at their own word. */
function claims({ act }: Plan, how: Within): string {
  if (act.channel !== 'email' && act.channel !== 'sms') return '';
  return `left join (select distinct c.person_id from people.consent_claim c where c.channel = :channel
      and c.organization_id = any (cast(:above as bigint[])) and ${within('c.person_id', how)}
      and not exists (select from people.consent said where said.person_id = c.person_id
        and said.channel = c.channel and said.organization_id = any (cast(:above as bigint[])))) claim
    on claim.person_id = p.id`;
}
