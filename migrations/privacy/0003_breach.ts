// The register of breaches: what leaked, what was done about it and when, each change kept, and whom it concerned.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`${breaches}; ${changes}; ${people}; ${guards}; ${walls}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table privacy.breach_person, privacy.breach_change, privacy.breach;
    drop function privacy.guard_breach(), privacy.guard_breach_change(), privacy.is_invented(bigint)`);
}

const breaches = `
  create table privacy.breach (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    reference text not null unique,
    happened_at timestamptz,
    known_at timestamptz not null,
    what text not null check (length(what) between 1 and 5000),
    kinds text[] not null check (cardinality(kinds) > 0 and kinds <@ '{confidentiality,integrity,availability}'),
    data text[] not null default '{}' check (cardinality(data) <= 100),
    data_more text check (length(data_more) <= 2000),
    people_count integer check (people_count >= 0),
    record_count integer check (record_count >= 0),
    concerned text check (length(concerned) <= 2000),
    consequences text check (length(consequences) <= 5000),
    measures text check (length(measures) <= 5000),
    risk text check (risk in ('none', 'risk', 'high')),
    due_at timestamptz,
    due_source text,
    late_reason text check (length(late_reason) <= 5000),
    reported_at timestamptz,
    report_number text check (length(report_number) <= 200),
    unreported_at timestamptz,
    unreported_reason text check (length(unreported_reason) <= 5000),
    told_at timestamptz,
    told_how text check (length(told_how) <= 2000),
    untold_reason text check (length(untold_reason) <= 5000),
    named_erased integer not null default 0,
    recorded_at timestamptz not null,
    recorded_by text,
    closed_at timestamptz,
    check (happened_at is null or happened_at <= known_at),
    check ((unreported_at is null) = (unreported_reason is null)),
    check (reported_at is null or unreported_at is null),
    check (unreported_at is null or risk = 'none')
  );
  create index breach_organization on privacy.breach (organization_id, known_at desc, id desc);
  comment on table privacy.breach is
    'Each breach of personal data, reported or not: evidence for the authority (GDPR 33(5)), so no row is deleted and a closed one stands still.';
  comment on column privacy.breach.reference is 'By which it is named on paper.';
  comment on column privacy.breach.known_at is 'When the organization became aware: from then the law''s clock runs.';
  comment on column privacy.breach.data is 'Which data, as the data practices of the plugins call them.';
  comment on column privacy.breach.risk is 'For the people concerned; null: not judged yet.';
  comment on column privacy.breach.due_at is 'Until when the law wants the authority told; null where no law known sets a time.';
  comment on column privacy.breach.due_source is 'Where that was written when it was reckoned.';
  comment on column privacy.breach.unreported_reason is 'Why there is no risk, so that the authority need not be told.';
  comment on column privacy.breach.untold_reason is 'Why the people need not be told although their risk is high.';
  comment on column privacy.breach.named_erased is 'How many who were named in it are not any more: erased, or out of its time.';
  comment on column privacy.breach.closed_at is 'From then on nothing of it changes.'`;

const changes = `
  create table privacy.breach_change (
    id bigint generated always as identity primary key,
    organization_id bigint not null references core.organization on delete restrict,
    breach_id bigint not null references privacy.breach on delete restrict,
    kind text not null,
    changes jsonb not null default '[]',
    by_name text,
    at timestamptz not null
  );
  create index breach_change_breach on privacy.breach_change (breach_id, id);
  comment on table privacy.breach_change is 'What became of a breach in the register, who did it and when: only ever added to.';
  comment on column privacy.breach_change.changes is 'Field by field what stood there before and after; of the people named only how many.'`;

const people = `
  create table privacy.breach_person (
    organization_id bigint not null references core.organization on delete restrict,
    breach_id bigint not null references privacy.breach on delete restrict,
    person_id bigint not null references people.person on delete restrict,
    added_at timestamptz not null,
    primary key (breach_id, person_id)
  );
  create index breach_person_person on privacy.breach_person (person_id);
  comment on table privacy.breach_person is 'Whom a breach concerned, where it is known by name: shown in their copy, gone with them.'`;

const guards = `
  create function privacy.is_invented(organization bigint) returns boolean language sql stable as $body$
    select exists (select from core.demo where organization = any (organizations))
  $body$;
  comment on function privacy.is_invented(bigint) is 'Of the demo, which goes without a trace.';

  create function privacy.guard_breach() returns trigger language plpgsql as $body$
  begin
    if tg_op = 'DELETE' and privacy.is_invented(old.organization_id) then return old; end if;
    if tg_op = 'UPDATE' then
      if old.closed_at is null and new.organization_id = old.organization_id and new.reference = old.reference
        then return new; end if;
      if to_jsonb(old) - 'named_erased' = to_jsonb(new) - 'named_erased' then return new; end if;
    end if;
    raise exception 'privacy.breach is kept, and closed ones stand still';
  end $body$;
  create trigger guard before update or delete on privacy.breach
    for each row execute function privacy.guard_breach();
  create trigger guard_all before truncate on privacy.breach
    for each statement execute function privacy.guard_breach();

  create function privacy.guard_breach_change() returns trigger language plpgsql as $body$
  begin
    if tg_op = 'DELETE' and privacy.is_invented(old.organization_id) then return old; end if;
    raise exception 'privacy.breach_change is append-only';
  end $body$;
  create trigger guard before update or delete on privacy.breach_change
    for each row execute function privacy.guard_breach_change();
  create trigger guard_all before truncate on privacy.breach_change
    for each statement execute function privacy.guard_breach_change()`;

const walls = ['breach', 'breach_change', 'breach_person']
  .map(
    (table) =>
      `select core.secure('privacy.${table}', 'organization_id = any ((select core.visible())::bigint[])')`,
  )
  .join(';');
