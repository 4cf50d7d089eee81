// What an archive says of itself, and what its entries are called.
export const format = 1;

export const names = {
  manifest: 'manifest.json',
  /** Only when the install keeps it in the data folder. */
  secret: 'secret',
  /** The party's own, as they lay in the data folder. */
  packs: 'packs/',
  sequences: 'sequences.json',
  jobs: 'jobs.copy',
  uploads: 'uploads/',
  sums: 'SHA256SUMS',
  complete: 'complete',
} as const;

export interface ArchivedTable {
  schema: string;
  name: string;
  columns: string[];
}

export interface Manifest {
  format: number;
  /** The version of Rostra that the database belongs to. */
  rostra: string;
  /** ISO time of the snapshot. */
  takenAt: string;
  organization: string | undefined;
  /** Tells whether a secret is the one that sealed what is in here, and nothing of the secret. */
  secretCheck: string;
  /** Steps of migrations that had run, `<plugin>/<name>`. */
  ledger: string[];
  tables: ArchivedTable[];
}

/** The last entry: without it the archive was cut off. */
export interface Complete {
  entries: number;
  /** sha256 of the list of sums. */
  sums: string;
  /** By `<schema>.<table>`. */
  rows: Record<string, number>;
}

export const keyOf = ({ schema, name }: Pick<ArchivedTable, 'schema' | 'name'>): string =>
  `${schema}.${name}`;

export function partName(table: ArchivedTable, part: number): string {
  return `table/${keyOf(table)}/${String(part).padStart(5, '0')}.copy`;
}

/** `<schema>.<table>` of a part; `undefined` for anything else. */
export function tableOfPart(name: string): string | undefined {
  return /^table\/([^/]+)\/\d+\.copy$/.exec(name)?.[1];
}
