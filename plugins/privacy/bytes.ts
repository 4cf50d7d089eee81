// How a list of bytes is handed to the database.

/** As PostgreSQL reads a list of bytes. */
export function asBytes(hashes: readonly Buffer[]): string[] {
  return hashes.map((hash) => `\\x${hash.toString('hex')}`);
}
