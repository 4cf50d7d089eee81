// The consent ledger, a chain that cannot be rewritten, and the suppressions that beat it.
import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { ofSeenPerson } from './0001_person.ts';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${ledger}; ${guards}; ${suppressions}; ${walls}`);
  await knex.raw('insert into people.key (inner_pad, outer_pad) values (:inner, :outer)', padded());
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop function people.is_suppressed, people.keyed_hash;
    drop table people.suppression, people.key, people.consent_detail, people.consent;
    drop function people.guard_consent`);
}

/** A key as HMAC wants it (RFC 2104), so that SQL can make one from sha256 alone. */
function padded(): { inner: Buffer; outer: Buffer } {
  const key = Buffer.concat([randomBytes(32), Buffer.alloc(32)]);
  return { inner: key.map((byte) => byte ^ 0x36), outer: key.map((byte) => byte ^ 0x5c) } as {
    inner: Buffer;
    outer: Buffer;
  };
}

const ledger = `
  create table people.consent (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    person_id bigint references people.person on delete restrict,
    channel text not null check (length(channel) between 1 and 60),
    purpose text not null check (length(purpose) between 1 and 60),
    given boolean not null,
    locale text not null,
    source text not null,
    at timestamptz not null,
    digest bytea not null,
    position bigint unique,
    hash bytea,
    sealed_at timestamptz,
    check ((position is null) = (hash is null) and (hash is null) = (sealed_at is null))
  );
  create index consent_person on people.consent (person_id, channel, purpose, id desc);
  create index consent_channel on people.consent (channel, person_id, purpose, id desc);
  create index consent_unsealed on people.consent (id) where position is null;
  comment on table people.consent is
    'Who agreed to what, and withdrew: append-only, sealed in batches into one chain. Kept as proof.';
  comment on column people.consent.organization_id is 'The controller that was answered: the party or a chapter.';
  comment on column people.consent.person_id is
    'Outside the chain: follows a merge, goes with an erasure. The digest holds the first one.';
  comment on column people.consent.digest is 'Of salt, person, wording and evidence: the chain holds nothing personal.';

  create table people.consent_detail (
    consent_id bigint primary key references people.consent on delete restrict,
    person_id bigint not null,
    wording text not null,
    evidence jsonb not null,
    salt bytea not null
  );
  create index consent_detail_person on people.consent_detail (person_id);
  comment on table people.consent_detail is 'The personal side of a consent; without it the row above says nothing of anyone.'`;

const guards = `
  create function people.guard_consent() returns trigger language plpgsql as $body$
  declare
    sealing text[] := '{position,hash,sealed_at}';
  begin
    if tg_op = 'UPDATE' then
      if to_jsonb(old) - 'person_id' = to_jsonb(new) - 'person_id' then return new; end if;
      if old.position is null and new.position is not null
        and to_jsonb(old) - sealing = to_jsonb(new) - sealing then return new; end if;
    end if;
    raise exception 'people.consent is append-only';
  end $body$;
  create trigger guard before update or delete on people.consent
    for each row execute function people.guard_consent();
  create trigger guard_all before truncate on people.consent
    for each statement execute function people.guard_consent()`;

const suppressions = `
  create table people.key (
    inner_pad bytea not null,
    outer_pad bytea not null
  );
  create unique index key_one on people.key ((true));
  comment on table people.key is 'Keys the hashes of suppressions. Never rotated: the addresses cannot be hashed again.';

  create table people.suppression (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('email', 'phone')),
    hash bytea not null,
    person_id bigint references people.person on delete restrict,
    organization_id bigint not null references core.organization on delete restrict,
    reason text not null check (reason in ('objection', 'complaint', 'unsubscribed', 'erased')),
    at timestamptz not null,
    unique (kind, hash)
  );
  create index suppression_person on people.suppression (person_id) where person_id is not null;
  comment on table people.suppression is 'Never again to this address. Beats every consent and outlives the person''s erasure.';
  comment on column people.suppression.hash is 'Keyed hash: tells whether an address stands here, not which addresses do.';

  create function people.keyed_hash(kind text, address text) returns bytea
    language sql stable strict security definer set search_path = pg_catalog
    return (select sha256(outer_pad || sha256(inner_pad || convert_to(kind || ':' || lower(btrim(address)), 'UTF8')))
      from people.key);
  comment on function people.keyed_hash(text, text) is 'HMAC-SHA-256. Security definer: chapters may ask, never read the key.';

  create function people.is_suppressed(kind text, address text) returns boolean
    language sql stable strict security definer set search_path = pg_catalog
    return exists (select from people.suppression s
      where s.kind = is_suppressed.kind and s.hash = people.keyed_hash(is_suppressed.kind, is_suppressed.address));
  comment on function people.is_suppressed(text, text) is
    'Also of one whose person is erased, so belongs to no chapter any more.'`;

const walls = [
  ofSeenPerson('consent'),
  ofSeenPerson('consent_detail'),
  ofSeenPerson('suppression'),
  `select core.secure('people.key', 'false')`,
].join(';');
