// What is told of a message after it was handed over: that it arrived, came back, annoyed, or was answered.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table outreach.recipient
      add column delivered_at timestamptz,
      add column bounced_at timestamptz,
      add column is_bounce_permanent boolean,
      add column bounce_detail text check (length(bounce_detail) <= 500),
      add column complained_at timestamptz,
      add column answered_at timestamptz;
    create unique index recipient_key on outreach.recipient (key);
    create index recipient_address on outreach.recipient (address)
      where handed_at is not null and address is not null;
    create index recipient_told on outreach.recipient (send_id)
      where coalesce(delivered_at, bounced_at, complained_at, answered_at) is not null;
    comment on column outreach.recipient.delivered_at is 'Told by whoever delivers it: accepted says only that a server took it.';
    comment on column outreach.recipient.bounce_detail is 'In the words of whoever sent it back.';
    comment on column outreach.recipient.answered_at is 'The first answer that came on the same channel.'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index outreach.recipient_told, outreach.recipient_key, outreach.recipient_address;
    alter table outreach.recipient drop column delivered_at, drop column bounced_at, drop column is_bounce_permanent,
      drop column bounce_detail, drop column complained_at, drop column answered_at`);
}
