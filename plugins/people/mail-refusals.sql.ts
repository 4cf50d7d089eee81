// Of messages that are about to leave: what is known of the address, and whose it is.
import type { Scope } from 'rostra/plugin';
import { bounds, isId, ofOurs, seen } from './bound.ts';

export interface MailReader {
  /** By now, if they were merged; only somebody whom the scope sees. */
  personId: string | null;
  /** Never again to this address. */
  isStopped: boolean;
  /** For any reason, a dead address and an unsubscription among them. */
  isSuppressed: boolean;
  /** An address of the person's, and mail gets there. */
  isTheirs: boolean;
  /** The one that the person is written to at: the first that can be. */
  isFirst: boolean;
  /** To the newsletter that the message is of, where it says of which. */
  isSubscribed: boolean;
}

/** For each, in the same order. */
export async function findMailReaders(
  scope: Scope,
  messages: readonly { to: string; personId?: string; letterId?: string }[],
): Promise<MailReader[]> {
  const found = await scope.db.raw(
    `select p.id as "personId", people.is_suppressed_for_good('email', m.address) as "isStopped",
       people.is_suppressed('email', m.address) as "isSuppressed",
       coalesce(usable.addresses @> array[m.address], false) as "isTheirs",
       coalesce(usable.addresses[1] = m.address, false) as "isFirst",
       m.letter is null or exists (select from people.subscription s join people.newsletter n on n.id = s.newsletter_id
         where s.person_id = p.id and n.id = m.letter and s.until is null and n.closed_at is null
           and ${ofOurs(scope, 'n.organization_id')}) as "isSubscribed"
     from (select place, lower(btrim(address)) as address, person, letter
       from unnest(cast(:to as text[]), cast(:people as bigint[]), cast(:letters as bigint[]))
         with ordinality as given (address, person, letter, place)) m
     left join people.alias a on a.old_id = m.person
     left join people.person p on p.id = coalesce(a.new_id, m.person) and p.erased_at is null and ${seen(scope, 'p.id')}
     left join lateral (
       select array_agg(e.address order by e.is_primary desc, e.id) as addresses from people.email_address e
       where e.person_id = p.id and e.status = 'ok' and not people.is_suppressed('email', e.address)) usable on true
     order by m.place`,
    {
      ...bounds(scope),
      to: messages.map(({ to }) => to),
      people: messages.map(({ personId = '' }) => (isId(personId) ? personId : null)),
      // What is no id is no newsletter's.
      letters: messages.map(({ letterId = null }) => {
        return letterId === null || isId(letterId) ? letterId : '0';
      }),
    },
  );
  return found.rows;
}
