// Uploads: taken in by what they are, kept under the digest of their bytes, let go when nobody has them any more.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Scope } from '../scope.ts';
import type { Audit, FileToKeep, Jobs, Store, Stored } from '../services.ts';
import type { Blobs } from './blobs.ts';
import { type Examined, examine, shortNameOf } from './kind.ts';
import { fileFault } from './measured.ts';
import {
  deleteUpload,
  findUpload,
  findUploads,
  holdBlob,
  insertUpload,
  isBlobWanted,
  mayDropBytes,
  type UploadRow,
} from './upload.sql.ts';

export interface StoreDeps {
  blobs: Blobs;
  audit: (plugin: string) => Audit;
  /** The core's. */
  jobs: Jobs;
}

const dropJob = 'drop-upload';
const usual = { image: 8 * 1024 * 1024, font: 2 * 1024 * 1024 };
const page = 60;
const orphanHours = 24;

export function uploadsFolder(data: string): string {
  return path.join(data, 'uploads');
}

export function makeStore(deps: StoreDeps): (plugin: string) => Store {
  return (plugin) => ({
    async put(scope, file) {
      const found = examine(await readWithin(file));
      demandWanted(found, file);
      const sha256 = createHash('sha256').update(found.body).digest('hex');
      return scope.write(async (own) => {
        await holdBlob(own.db, sha256);
        await deps.blobs.write(`${sha256}.${found.extension}`, found.body);
        const row = await insertUpload(own, rowOf(own, plugin, sha256, found, file.name));
        const subject = { type: 'upload', id: row.id };
        await deps.audit(plugin).record(own, { act: 'upload.kept', subject });
        return storedOf(row);
      });
    },
    async find(scope, id) {
      const row = await findUpload(scope, plugin, id);
      return row && storedOf(row);
    },
    async list(scope, { most = page, after } = {}) {
      return (await findUploads(scope, plugin, most, after)).map(storedOf);
    },
    remove: (scope, id) =>
      scope.write(async (own) => {
        const gone = await deleteUpload(own, plugin, id);
        if (!gone) return;
        const subject = { type: 'upload', id };
        await deps.audit(plugin).record(own, { act: 'upload.removed', subject });
        // After the commit: another may have the same bytes.
        await deps.jobs.add(own, dropJob, { name: nameOf(gone) });
      }),
  });
}

/** Removes the bytes unless somebody has them, again or still; during a backup they are left to the tidying. */
async function dropBlob(blobs: Blobs, scope: Scope, name: string): Promise<void> {
  const [sha256 = ''] = name.split('.');
  await scope.write(async ({ db }) => {
    if (!(await mayDropBytes(db))) return;
    await holdBlob(db, sha256);
    if (!(await isBlobWanted(db, sha256))) await blobs.remove(name);
  });
}

/** What a process that was killed between bytes and row left behind. */
export async function dropOrphans(blobs: Blobs, scope: Scope): Promise<void> {
  const before = new Date(scope.now().getTime() - orphanHours * 3_600_000);
  for await (const name of blobs.writtenBefore(before)) await dropBlob(blobs, scope, name);
}

export function makeUploadJobs({ blobs }: { blobs: Blobs }) {
  return [
    {
      name: dropJob,
      run: (scope: Scope, { name }: Record<string, unknown>) =>
        dropBlob(blobs, scope, String(name)),
    },
    {
      name: 'tidy-uploads',
      cron: '41 3 * * *',
      once: true,
      run: (scope: Scope) => dropOrphans(blobs, scope),
    },
  ];
}

/** Into memory, since what a camera wrote is to be taken out; never more than the bound. */
async function readWithin({ path: file, maxBytes = usual.image }: FileToKeep): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw tooLarge(maxBytes);
    if (size === 0) throw fileFault('empty');
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function demandWanted(
  { kind, type, body }: Examined,
  { accept, types, maxBytes }: FileToKeep,
): void {
  if (accept !== kind) throw fileFault(`no-${accept}`);
  if (types && !types.includes(type))
    throw fileFault('other-type', { types: types.map(shortNameOf).join(', ') });
  const most = maxBytes ?? usual[kind];
  if (body.length > most) throw tooLarge(most);
}

function tooLarge(maxBytes: number) {
  return fileFault('too-large', { megabytes: Math.max(1, Math.floor(maxBytes / 1024 / 1024)) });
}

function rowOf(scope: Scope, plugin: string, sha256: string, found: Examined, name: string) {
  const { kind, type: mediaType, extension, body, width, height, isVariable } = found;
  return {
    ...{ plugin, sha256, extension, kind, mediaType },
    name: path.basename(name.replaceAll('\0', '').replaceAll('\\', '/')).slice(0, 200),
    bytes: body.length,
    width: width ?? null,
    height: height ?? null,
    isVariable: isVariable ?? null,
    author: scope.actor.kind === 'staff' ? scope.actor.name : null,
  };
}

function nameOf({ sha256, extension }: UploadRow): string {
  return `${sha256}.${extension}`;
}

function storedOf(row: UploadRow): Stored {
  return {
    id: row.id,
    href: `/uploads/${nameOf(row)}`,
    kind: row.kind,
    type: row.mediaType,
    name: row.name,
    bytes: row.bytes,
    width: row.width ?? undefined,
    height: row.height ?? undefined,
    isVariable: row.isVariable ?? undefined,
    author: row.author ?? undefined,
    at: row.createdAt,
  };
}
