// What the tests of privacy share: somebody on file, and the link that came to their mailbox.
import { inflateRawSync } from 'node:zlib';
import { People } from 'rostra/people';
import type { Scope } from 'rostra/plugin';
import type { App } from 'rostra/testing';

type House = Pick<App, 'get' | 'scope'>;

export async function personOf(app: House, emailAddress: string, more = {}): Promise<string> {
  const fields = { emailAddress, source: 'test', ...more };
  return (await app.get('privacy')(People).upsert(app.scope(), fields)).id;
}

/** So much happened to them. */
export async function fillTimeline(db: Scope['db'], personId: string, rows: number): Promise<void> {
  await db.raw(
    `insert into people.timeline (person_id, organization_id, kind, params, at)
     select :personId, o.id, 'people.timeline.subscribed', '{"newsletter":"x"}',
       timestamptz '2026-01-01' + n * interval '1 minute'
     from generate_series(1, :rows) n, core.organization o where o.parent_id is null`,
    { personId, rows },
  );
}

/** Where the newest mail to that address leads. */
export async function linkTo(app: Pick<App, 'scope'>, address: string): Promise<string> {
  const { rows } = await app
    .scope()
    .db.raw('select text from core.outbox where to_address = :address order by id desc limit 1', {
      address,
    });
  return /\/my-data\/[\w-]{43}/.exec(rows[0]?.text ?? '')?.[0] ?? '';
}

export async function askLink(app: App, email: string): Promise<string> {
  await app.visitor().post('/my-data', { email });
  return linkTo(app, email);
}

export async function requestsOf(app: App): Promise<Record<string, unknown>[]> {
  const { rows } = await app.scope().db.raw(
    `select id, person_id as person, kind, state, outcome, reference, words, due_at as due, waiting_for as waiting
       from privacy.request order by id`,
  );
  return rows;
}

/** The entries of a ZIP, found by its directory alone. */
export function unzipped(archive: Buffer): Record<string, string> {
  const tail = archive.length - 22;
  const found: Record<string, string> = {};
  let place = archive.readUInt32LE(tail + 16);
  for (let left = archive.readUInt16LE(tail + 10); left > 0; left -= 1) {
    const named = archive.readUInt16LE(place + 28);
    const start = archive.readUInt32LE(place + 42);
    const from = start + 30 + archive.readUInt16LE(start + 26);
    const bytes = archive.subarray(from, from + archive.readUInt32LE(place + 20));
    found[archive.toString('utf8', place + 46, place + 46 + named)] =
      inflateRawSync(bytes).toString();
    place += 46 + named;
  }
  return found;
}
