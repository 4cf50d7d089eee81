// Pictures of the site that letters show, and newsletters that are sent in a name of their own.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table email.picture (
      send_id bigint not null,
      picture_id bigint not null,
      organization_id bigint not null references core.organization on delete restrict,
      primary key (send_id, picture_id)
    );
    create index picture_shown on email.picture (organization_id, picture_id);
    comment on table email.picture is 'Which letter shows which picture of the site: one that is shown is not taken away.';
    comment on column email.picture.send_id is 'Of outreach; the row of a draft that was thrown away says nothing any more.';
    create table email.sender (
      newsletter_id bigint primary key,
      organization_id bigint not null references core.organization on delete restrict,
      name text not null default '' check (length(name) <= 100),
      address text not null default '' check (length(address) <= 254),
      reply_to text not null default '' check (length(reply_to) <= 254)
    );
    comment on table email.sender is 'In whose name a newsletter''s letters are; what is empty is the organization''s.';
    select core.secure('email.picture', 'organization_id = any ((select core.visible())::bigint[])');
    select core.secure('email.sender', 'organization_id = any ((select core.visible())::bigint[])')`);
  // Letters were listed with the marks of their subject.
  await knex.raw(`
    update outreach.send set name = trim(regexp_replace(name,
      '\\{\\{\\s*(given name|prénom)\\s*\\|([^{}|]*)\\}\\}', '\\2', 'gi'))
    where channel = 'email' and name like '%{{%}}%'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table email.sender, email.picture');
}
