// Who took which draft of the law upon themselves, in what words, and since when not any more.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table core.pack_signature (
      id bigint generated always as identity primary key,
      pack text not null check (pack <> ''),
      version text not null check (version <> ''),
      words text not null check (length(words) between 1 and 2000),
      account_id bigint references core.account on delete set null,
      signer text not null check (signer <> ''),
      signed_at timestamptz not null,
      withdrawn_at timestamptz
    );
    create unique index pack_signature_one on core.pack_signature (pack, version) where withdrawn_at is null;
    create index pack_signature_account on core.pack_signature (account_id) where account_id is not null;
    comment on table core.pack_signature is 'A draft of the law is in force for this very version, until the signature is withdrawn.';
    comment on column core.pack_signature.signer is 'Name of the staff who signed, as it was then.';
    comment on column core.pack_signature.words is 'What they declared: who read it, and when.';
    select core.secure('core.pack_signature', 'false')`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table core.pack_signature');
}
