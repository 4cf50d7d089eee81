// What is told of a message after it was handed over, and which message an answer is to.
import { prepared, type Scope } from 'rostra/plugin';
import { boundOf, within } from './bound.ts';
import type { AnswerFrom, Received, Report, Reported } from './index.ts';

const changes = {
  delivered: 'delivered_at = coalesce(r.delivered_at, told.at)',
  bounced: `bounced_at = coalesce(r.bounced_at, told.at),
    is_bounce_permanent = coalesce(r.is_bounce_permanent, false) or told.permanent,
    bounce_detail = case when r.person_id is not null then coalesce(told.detail, r.bounce_detail) end`,
  complained: 'complained_at = coalesce(r.complained_at, told.at)',
} as const;

const isNews = {
  delivered: 'r.delivered_at is null',
  bounced: 'r.bounced_at is null or news.permanent and not r.is_bounce_permanent',
  complained: 'r.complained_at is null',
} as const;

/** What nobody could tell is told now: somebody had taken it. All are of one kind, each of another message. */
export async function noteReports(
  scope: Scope,
  kind: Report['kind'],
  many: readonly Report[],
): Promise<Reported[]> {
  const found = await prepared(
    scope.db,
    `with told as (
       select r.id, news.*, ${isNews[kind]} as "isNew"
       from unnest(cast(:keys as uuid[]), cast(:ats as timestamptz[]), cast(:permanent as boolean[]),
         cast(:details as text[])) as news (key, at, permanent, detail)
       join outreach.recipient r on r.key = news.key join outreach.send s on s.id = r.send_id
       where r.handed_at is not null and ${within(scope)} order by r.id for update of r)
     update outreach.recipient r set ${changes[kind]},
       state = case r.state when 'unknown' then 'accepted' else r.state end
     from told, outreach.send s where r.id = told.id and s.id = r.send_id
     returning told."isNew", r.person_id as "personId", r.address, r.send_id as "sendId",
       s.organization_id as "organizationId", s.channel, s.newsletter_id as "newsletterId"`,
    {
      ...boundOf(scope),
      keys: many.map(({ key }) => key),
      ats: many.map(({ at }) => at),
      permanent: many.map(({ isPermanent }) => isPermanent === true),
      details: many.map(({ detail }) => detail ?? null),
    },
  );
  return found.rows;
}

/** Of the message of that key, else of the newest to them since. */
export async function noteAnswer(
  scope: Scope,
  { key, address, personId, channel, at }: AnswerFrom,
  since: Date,
): Promise<{ sendId: string; personId: string } | undefined> {
  const found = await scope.db.raw(
    `update outreach.recipient r set answered_at = coalesce(r.answered_at, :at)
     where r.id = (
       select r.id from outreach.recipient r join outreach.send s on s.id = r.send_id
       where ${ofWhom({ key, personId })} and s.channel = :channel
         and r.state in ('handed', 'accepted', 'unknown') and r.person_id is not null
         ${key ? '' : 'and r.handed_at > :since and r.handed_at <= :at'} and ${within(scope)}
       order by r.handed_at desc, r.id desc limit 1)
     returning r.send_id as "sendId", r.person_id as "personId"`,
    {
      ...{ ...boundOf(scope), channel, at },
      ...(key ? { key } : { since, ...(personId ? { personId } : { address: address ?? null }) }),
    },
  );
  return found.rows[0];
}

function ofWhom({ key, personId }: Pick<AnswerFrom, 'key' | 'personId'>): string {
  if (key) return 'r.key = cast(:key as uuid)';
  return personId ? 'r.person_id = :personId' : 'r.address = :address';
}

/** Of what was handed over. */
export async function findReceivedByKey(
  scope: Scope,
  key: string,
): Promise<(Received & { recipientId: string }) | undefined> {
  const found = await scope.db.raw(
    `select r.id as "recipientId", s.organization_id as "organizationId", r.send_id as "sendId", s.channel,
       s.newsletter_id as "newsletterId", r.person_id as "personId", r.address
     from outreach.recipient r join outreach.send s on s.id = r.send_id
     where r.key = cast(:key as uuid) and r.handed_at is not null and ${within(scope)}`,
    { ...boundOf(scope), key },
  );
  return found.rows[0];
}
