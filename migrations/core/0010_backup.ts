// Backups that were made, erasures that a restored backup must not undo, and the versions that ran.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table core.backup (
      id bigint generated always as identity primary key,
      at timestamptz not null,
      took_ms integer not null,
      host text not null,
      file text not null,
      bytes bigint,
      rows bigint,
      fault text,
      check ((fault is null) = (bytes is not null and rows is not null))
    );
    create index backup_at on core.backup (at desc);
    comment on table core.backup is 'Each backup that ended, well or with a fault; where its archive lies.';

    create table core.erasure (
      id bigint generated always as identity primary key,
      at timestamptz not null,
      person_id text not null,
      merged_into text
    );
    create index erasure_at on core.erasure (at);
    comment on table core.erasure is
      'Numbers of people who were erased, and of records that were merged, so that a restored backup is cleaned again. Says nothing else of anybody.';
    comment on column core.erasure.merged_into is 'Set for a merge: who erases the one erases the other.';

    create table core.release (
      id bigint generated always as identity primary key,
      version text not null,
      since timestamptz not null
    );
    comment on table core.release is 'Versions of Rostra that ran on this database, the last one last.';

    select core.secure('core.backup', 'false');
    select core.secure('core.erasure', 'false');
    select core.secure('core.release', 'false')`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table core.release, core.erasure, core.backup');
}
