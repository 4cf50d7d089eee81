// A draft of the law is in force once an administrator of the party signed that very version, until it is withdrawn.
import type { Db } from '../database/connect.ts';
import { forbidden } from '../errors.ts';
import type { Scope } from '../scope.ts';
import type { Audit } from '../services.ts';
import type { Versions } from '../versions.ts';
import type { Pack } from './schema.ts';
import {
  findSignatures,
  insertSignature,
  type Signature,
  withdrawSignatureOf,
} from './signature.sql.ts';

type Text = Pick<Pack, 'id' | 'version'>;

/** Those in force, in memory: the gate asks at each act. */
export interface Signatures {
  of(pack: Text): Signature | undefined;
  /** At the start and whenever the version `house` moves. */
  reload(db: Db): Promise<void>;
}

export function makeSignatures(): Signatures {
  let signed = new Map<string, Signature>();
  return {
    of: ({ id, version }) => signed.get(`${id} ${version}`),
    async reload(db) {
      const found = await findSignatures(db);
      signed = new Map(found.map((one) => [`${one.pack} ${one.version}`, one]));
    },
  };
}

export interface SigningParts {
  signatures: Signatures;
  versions: Versions;
  audit: Audit;
}

/** Heard of in this process before anybody is answered, in the others within a second. */
export async function signPack(
  parts: SigningParts,
  scope: Scope,
  { id: pack, version }: Text,
  words: string,
): Promise<void> {
  const { actor } = scope;
  const signer = actor.kind === 'staff' ? actor.name : 'operator';
  const accountId = actor.kind === 'staff' ? actor.accountId : undefined;
  await change(parts, scope, async (own) => {
    const signedAt = own.now();
    await insertSignature(own.db, { pack, version, words, signer, accountId, signedAt });
    await parts.audit.record(own, {
      act: 'law.signed',
      subject: { type: 'pack', id: pack },
      details: { version, words },
    });
  });
}

export async function withdrawSignature(
  parts: SigningParts,
  scope: Scope,
  { id: pack, version }: Text,
): Promise<void> {
  await change(parts, scope, async (own) => {
    await withdrawSignatureOf(own.db, { pack, version, now: own.now() });
    await parts.audit.record(own, {
      act: 'law.withdrawn',
      subject: { type: 'pack', id: pack },
      details: { version },
    });
  });
}

/** The law is the whole party's: no chapter signs for it. */
async function change(
  { signatures, versions }: SigningParts,
  scope: Scope,
  fn: (own: Scope) => Promise<void>,
): Promise<void> {
  if (scope.bound) throw forbidden('core.settings.manage');
  await scope.write(async (own) => {
    await fn(own);
    await versions.bump(own.db, 'house');
  });
  await signatures.reload(scope.db);
}
