// The first letter of each newsletter, and who got it.
import type { Scope } from 'rostra/plugin';
import { boundOf, within } from './bound.ts';

export interface WelcomeRow {
  newsletterId: string;
  content: Record<string, unknown>;
  isOn: boolean;
  /** Moves with each change, so that two writers do not overwrite each other. */
  version: number;
}

const ours = (scope: Scope) => ({ organizationId: scope.organization.id, now: scope.now() });

/** Of the organization's own newsletters. */
export async function findWelcomes(scope: Scope): Promise<WelcomeRow[]> {
  const found = await scope.db.raw(
    `select newsletter_id as "newsletterId", content, is_on as "isOn", version
     from email.welcome where organization_id = :organizationId order by newsletter_id`,
    ours(scope),
  );
  return found.rows;
}

/** `version` 0: of one that was not written yet. Answers whether nobody else was quicker. */
export async function saveWelcome(
  scope: Scope,
  newsletterId: string,
  { content, version }: Pick<WelcomeRow, 'content' | 'version'>,
): Promise<boolean> {
  const values = { ...ours(scope), newsletterId, content: JSON.stringify(content), version };
  const saved =
    version === 0
      ? await scope.db.raw(
          `insert into email.welcome (newsletter_id, organization_id, content, changed_at)
           values (:newsletterId, :organizationId, cast(:content as jsonb), :now) on conflict do nothing`,
          values,
        )
      : await scope.db.raw(
          `update email.welcome set content = cast(:content as jsonb), version = version + 1, changed_at = :now
           where newsletter_id = :newsletterId and organization_id = :organizationId and version = :version`,
          values,
        );
  return saved.rowCount === 1;
}

/** Answers whether that changed anything. */
export async function switchWelcome(
  scope: Scope,
  newsletterId: string,
  isOn: boolean,
): Promise<boolean> {
  const done = await scope.db.raw(
    `update email.welcome set is_on = :isOn, changed_at = :now
     where newsletter_id = :newsletterId and organization_id = :organizationId and is_on <> :isOn`,
    { ...ours(scope), newsletterId, isOn },
  );
  return done.rowCount === 1;
}

/** Those of the newsletters whose letter is on, of which they have none yet; who is asked twice gets it once. */
export async function askWelcomes(
  scope: Scope,
  personId: string,
  newsletterIds: readonly string[],
): Promise<number> {
  const done = await scope.db.raw(
    `insert into email.welcomed (organization_id, newsletter_id, person_id, asked_at)
     select w.organization_id, w.newsletter_id, :personId, :now from email.welcome w
     where w.organization_id = :organizationId and w.is_on and w.newsletter_id = any (cast(:newsletterIds as bigint[]))
     on conflict (newsletter_id, person_id) do nothing`,
    { ...ours(scope), personId, newsletterIds: [...newsletterIds] },
  );
  return done.rowCount;
}

export interface WelcomeDue extends WelcomeRow {
  id: string;
  /** Names the letter to the outside. */
  key: string;
  personId: string;
  askedAt: Date;
}

/** The oldest that is to be sent; to the end of the transaction it is nobody else's. */
export async function lockWelcome(scope: Scope): Promise<WelcomeDue | undefined> {
  const found = await scope.db.raw(
    `select d.id, d.key, d.person_id as "personId", d.asked_at as "askedAt", w.newsletter_id as "newsletterId", w.content,
       w.is_on as "isOn", w.version
     from email.welcomed d join email.welcome w on w.newsletter_id = d.newsletter_id
     where d.organization_id = :organizationId and d.state = 'ready' order by d.id limit 1 for update of d skip locked`,
    ours(scope),
  );
  return found.rows[0];
}

/** To whom the letter of that key went, and of which newsletter it was. */
export async function findWelcomedByKey(
  scope: Scope,
  key: string,
): Promise<{ organizationId: string; personId: string; newsletterId: string } | undefined> {
  const found = await scope.db.raw(
    `select d.organization_id as "organizationId", d.person_id as "personId", d.newsletter_id as "newsletterId"
     from email.welcomed d where d.key = cast(:key as uuid) and d.state = 'sent' and ${within(scope, 'd')}`,
    { ...boundOf(scope), key },
  );
  return found.rows[0];
}

/** Of one that is locked; `why` it was not sent. */
export async function settleWelcome(scope: Scope, id: string, why?: string): Promise<void> {
  await scope.db.raw(
    `update email.welcomed set state = :state, why = :why, settled_at = :now
     where id = :id and organization_id = :organizationId and state = 'ready'`,
    { ...ours(scope), id, state: why ? 'skipped' : 'sent', why: why ?? null },
  );
}

/** After a restore nobody knows which of them left since. */
export async function dropWelcomes(scope: Scope): Promise<void> {
  await scope.db.raw(
    `update email.welcomed set state = 'skipped', why = 'restored', settled_at = :now
     where organization_id = :organizationId and state = 'ready'`,
    ours(scope),
  );
}

/** Of each newsletter how many got it. */
export async function countWelcomed(scope: Scope): Promise<Map<string, number>> {
  const found = await scope.db.raw(
    `select newsletter_id as id, count(*)::int as count from email.welcomed
     where organization_id = :organizationId and state = 'sent' group by newsletter_id`,
    ours(scope),
  );
  return new Map(found.rows.map((row: { id: string; count: number }) => [row.id, row.count]));
}

/** Ids of the newsletters whose letter shows the picture. */
export async function findWelcomesShowing(scope: Scope, pictureId: string): Promise<string[]> {
  const found = await scope.db.raw(
    `select newsletter_id as id from email.welcome
     where organization_id = :organizationId
       and jsonb_path_exists(content, '$.blocks[*].picture.id \\?(@ == $id)', jsonb_build_object('id', cast(:pictureId as text)))`,
    { ...ours(scope), pictureId },
  );
  return found.rows.map(({ id }: { id: string }) => id);
}

export async function findWelcomedOf(
  scope: Scope,
  personId: string,
): Promise<Record<string, unknown>[]> {
  const found = await scope.db.raw(
    `select newsletter_id, state, why, asked_at, settled_at from email.welcomed
     where person_id = :personId order by id`,
    { personId },
  );
  return found.rows;
}

export async function deleteWelcomedOf(scope: Scope, personId: string): Promise<void> {
  await scope.db.raw('delete from email.welcomed where person_id = :personId', { personId });
}

/** What went to one of the two does not go to the other. */
export async function moveWelcomed(scope: Scope, from: string, into: string): Promise<void> {
  const both = { from, into };
  await scope.db.raw(
    `delete from email.welcomed d using email.welcomed o
     where d.newsletter_id = o.newsletter_id and (d.person_id, o.person_id) in ((:from, :into), (:into, :from))
       and (d.state = 'ready' and o.state <> 'ready' or d.person_id = :from and (d.state = 'ready') = (o.state = 'ready'))`,
    both,
  );
  await scope.db.raw('update email.welcomed set person_id = :into where person_id = :from', both);
}

/** Of invented chapters. */
export async function deleteInventedWelcomes(
  scope: Scope,
  chapters: readonly string[],
): Promise<void> {
  const values = { chapters: [...chapters] };
  for (const table of ['welcomed', 'welcome']) {
    await scope.db.raw(
      `delete from email.${table} where organization_id = any (cast(:chapters as bigint[]))`,
      values,
    );
  }
}
