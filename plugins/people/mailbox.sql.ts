// Whose a mailbox is, wherever in the party: asked for the person, so past what a chapter sees.
import { prepared, type Scope } from 'rostra/plugin';
import { isId } from './bound.ts';
import { columns, type PersonRow } from './person.sql.ts';

export async function findMailboxOwners(scope: Scope, address: string): Promise<PersonRow[]> {
  const found = await scope.db.raw(
    `select ${columns} from people.email_address w join people.person p on p.id = w.person_id
     where w.address = lower(btrim(:address)) and p.erased_at is null order by p.id`,
    { address },
  );
  return found.rows;
}

/** The owners, and the keyed hash of another text beside them. */
export async function meetMailbox(
  scope: Scope,
  address: string,
  mark: string,
): Promise<{ owners: PersonRow[]; hash: Buffer }> {
  const found = await prepared(
    scope.db,
    `select k.hash, ${columns} from (select people.keyed_hash('email', :mark) as hash) k
     left join people.email_address w on w.address = lower(btrim(:address))
     left join people.person p on p.id = w.person_id and p.erased_at is null
     order by p.id`,
    { address, mark },
  );
  const owners = found.rows.filter(({ id }: { id: string | null }) => id !== null);
  return { owners, hash: found.rows[0].hash };
}

export async function findMailboxOwner(scope: Scope, id: string): Promise<PersonRow | undefined> {
  if (!isId(id)) return undefined;
  const found = await scope.db.raw(
    `select ${columns} from people.person p where p.id = :id and p.erased_at is null`,
    { id },
  );
  return found.rows[0];
}

export async function holdMailboxOwner(
  scope: Scope,
  id: string,
  isAlone: boolean,
): Promise<string | undefined> {
  if (!isId(id)) return undefined;
  const lock = isAlone ? 'for update' : 'for key share';
  const held = await scope.db.raw(
    `select id from people.person where id = :id and erased_at is null ${lock}`,
    { id },
  );
  if (held.rows[0]) return held.rows[0].id;
  const merged = await scope.db.raw(
    `select p.id from people.alias a join people.person p on p.id = a.new_id
     where a.old_id = :id and p.erased_at is null ${lock} of p`,
    { id },
  );
  return merged.rows[0]?.id;
}

export async function findMailboxHashes(scope: Scope, personId: string): Promise<Buffer[]> {
  const found = await scope.db.raw(
    'select e.hash from people.email_address e where e.person_id = :personId order by e.id',
    { personId },
  );
  return found.rows.map(({ hash }: { hash: Buffer }) => hash);
}

export async function hashMailbox(scope: Scope, address: string): Promise<Buffer> {
  const found = await prepared(scope.db, `select people.keyed_hash('email', :address) as hash`, {
    address,
  });
  return found.rows[0].hash;
}
