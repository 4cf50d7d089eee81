// Who lets themselves be counted, where their links lead, and what they opened and followed, each once.
import { prepared, type Scope } from 'rostra/plugin';
import { boundOf, within } from './bound.ts';

/** The organization's own: whether its readers are counted now. */
export async function keepMeasuring(scope: Scope, isOn: boolean): Promise<void> {
  const values = { organizationId: scope.organization.id, now: scope.now() };
  await scope.db.raw(
    isOn
      ? 'insert into outreach.measuring (organization_id, since) values (:organizationId, :now) on conflict do nothing'
      : 'delete from outreach.measuring where organization_id = :organizationId',
    values,
  );
}

/** Whether the readers of whoever sent it are counted now. */
export async function isMeasuring(scope: Scope, sendId: string): Promise<boolean> {
  const found = await scope.db.raw(
    `select exists (select from outreach.send s join outreach.measuring m on m.organization_id = s.organization_id
       where s.id = :sendId and ${within(scope)}) as answer`,
    { ...boundOf(scope), sendId },
  );
  return found.rows[0].answer;
}

/** Of those that this process claimed; a `consentId` of null where the law asks for none. */
export async function markMeasured(
  scope: Scope,
  those: readonly { id: string; isMeasured: boolean; consentId: string | null }[],
): Promise<void> {
  await scope.db.raw(
    `update outreach.recipient r set is_measured = one.measured, measure_consent_id = one.consent
     from unnest(cast(:ids as bigint[]), cast(:measured as boolean[]), cast(:consents as bigint[]))
       as one (id, measured, consent)
     where r.id = one.id and r.state = 'claimed'
       and (r.is_measured, r.measure_consent_id) is distinct from (one.measured, one.consent)`,
    {
      ids: those.map(({ id }) => id),
      measured: those.map(({ isMeasured }) => isMeasured),
      consents: those.map(({ consentId }) => consentId),
    },
  );
}

/** Once for good, each at its place from 1 on. */
export async function insertLinks(
  scope: Scope,
  sendId: string,
  hrefs: readonly string[],
): Promise<void> {
  await scope.db.raw(
    `insert into outreach.link (send_id, place, href)
     select :sendId, l.place, l.href from unnest(cast(:hrefs as text[])) with ordinality as l (href, place)
     on conflict do nothing`,
    { sendId, hrefs: [...hrefs] },
  );
}

export async function findLink(
  scope: Scope,
  sendId: string,
  place: number,
): Promise<string | undefined> {
  const found = await prepared(
    scope.db,
    `select l.href from outreach.link l join outreach.send s on s.id = l.send_id
     where l.send_id = :sendId and l.place = :place and ${within(scope)}`,
    { ...boundOf(scope), sendId, place },
  );
  return found.rows[0]?.href;
}

/** With how many followed each, as they stand in the text. */
export async function findLinks(
  scope: Scope,
  sendId: string,
): Promise<{ href: string; people: number }[]> {
  const found = await scope.db.raw(
    `select l.href, coalesce((select sum(t.followed) from outreach.tally t
       where t.send_id = l.send_id and t.place = l.place), 0)::int as people
     from outreach.link l join outreach.send s on s.id = l.send_id
     where l.send_id = :sendId and ${within(scope)} order by l.place`,
    { ...boundOf(scope), sendId },
  );
  return found.rows;
}

/** Who sent what a reader holds, where readers are counted there now. */
export async function findMeasurer(
  scope: Scope,
  recipientId: string,
): Promise<{ organizationId: string; channel: string } | undefined> {
  const found = await scope.db.raw(
    `select s.organization_id as "organizationId", s.channel
     from outreach.recipient r join outreach.send s on s.id = r.send_id
     join outreach.measuring m on m.organization_id = s.organization_id
     where r.id = :recipientId and ${within(scope)}`,
    { ...boundOf(scope), recipientId },
  );
  return found.rows[0];
}

export interface Measured {
  organizationId: string;
  channel: string;
  personId: string;
  /** Of the word on which it rests, if on one. */
  consentId: string | null;
  /** Followed by now; `null`: not even opened. */
  places: number[] | null;
}

/** Who may be counted by their mark, as far as the rows tell: not somebody who was erased. */
export async function findMeasured(
  scope: Scope,
  recipientId: string,
  since: Date,
): Promise<Measured | undefined> {
  const found = await prepared(
    scope.db,
    `select s.organization_id as "organizationId", s.channel, r.person_id as "personId",
       r.measure_consent_id as "consentId", o.places
     from outreach.recipient r join outreach.send s on s.id = r.send_id
     join outreach.measuring m on m.organization_id = s.organization_id
     left join outreach.reading o on o.recipient_id = r.id
     where r.id = :recipientId and r.is_measured and r.person_id is not null and r.handed_at > :since
       and ${within(scope)}`,
    { ...boundOf(scope), recipientId, since },
  );
  return found.rows[0];
}

/** Opened, or the link at `place` followed, which opens it too. Twice at once is once: the row says who was first. */
export async function noteReading(
  scope: Scope,
  recipientId: string,
  place: number | undefined,
): Promise<void> {
  await prepared(
    scope.db,
    `with mine as (
       select r.id, r.send_id from outreach.recipient r join outreach.send s on s.id = r.send_id
       where r.id = :recipientId and r.is_measured and r.person_id is not null and ${within(scope)}),
     noted as (
       insert into outreach.reading as o (recipient_id, first_at, places)
       select id, :now, cast(:places as int[]) from mine
       on conflict (recipient_id) do update set places = o.places || excluded.places
         where not o.places @> excluded.places
       -- Of a row that is new here nobody was the last to change it.
       returning o.xmax = 0 as is_first, cardinality(o.places) as count)
     insert into outreach.tally (send_id, opened, clicked, place, followed)
     select m.send_id, n.is_first::int, (p.place is not null and n.count = 1)::int, p.place, (p.place is not null)::int
     from mine m, noted n, (select cast(:place as int)) as p (place)`,
    {
      ...{ ...boundOf(scope), recipientId, place: place ?? null },
      places: place === undefined ? [] : [place],
    },
  );
}
