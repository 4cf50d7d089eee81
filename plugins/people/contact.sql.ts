// What is known of one person's addresses, and why some of them are never to be used again.
import type { Scope } from 'rostra/plugin';
import { bounds, seen } from './bound.ts';
import { ofGoneAddress } from './suppression.sql.ts';
import type { PhoneLine } from './telephone-line.ts';

export interface ContactRow {
  kind: 'email' | 'phone';
  address: string;
  status: 'ok' | 'bounced' | 'bad';
  /** Of a telephone; `null` of one that was not read yet. */
  line: PhoneLine | null;
  /** Never again: an objection, a complaint, an erasure. */
  isStopped: boolean;
  /** By the person's will, whatever it was. */
  isObjected: boolean;
  /** For any reason, a dead address among them. */
  isSuppressed: boolean;
}

export async function findContacts(scope: Scope, personId: string): Promise<ContactRow[]> {
  const found = await scope.db.raw(
    `select w.kind, w.address, w.status, w.line, people.is_suppressed_for_good(w.kind, w.address) as "isStopped",
       people.is_objected(w.kind, w.address) as "isObjected", people.is_suppressed(w.kind, w.address) as "isSuppressed"
     from (
       select 'email' as kind, e.address, e.status, null as line, e.is_primary, e.id, e.person_id from people.email_address e
       union all select 'phone', n.number, n.status, n.line, false, n.id, n.person_id from people.phone_number n) w
     where w.person_id = :personId and ${seen(scope, 'w.person_id')}
     order by w.kind, w.is_primary desc, w.id`,
    { ...bounds(scope), personId },
  );
  return found.rows;
}

export interface StopRow {
  kind: 'email' | 'phone';
  reason: string;
  at: Date;
  /** Said of an address that is no longer theirs: it goes on for the rest. */
  isGone: boolean;
}

/** What the person said no to, of those that are known to be theirs. */
export async function findStops(scope: Scope, personId: string): Promise<StopRow[]> {
  const found = await scope.db.raw(
    `select s.kind, s.reason, s.at, ${ofGoneAddress} as "isGone" from people.suppression s
     where s.person_id = :personId and ${seen(scope, 's.person_id')} order by s.at desc`,
    { ...bounds(scope), personId },
  );
  return found.rows;
}
