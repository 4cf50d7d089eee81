// The folder of backups: made when it is missing, and what its files are called.
import { mkdir } from 'node:fs/promises';
import { StartError } from '../database/start-error.ts';

export const fileNames = /^rostra-(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)Z(?:-[a-z-]+)?\.tar\.gz$/;

/** As it may stand in the name of a file. */
export function timeName(at: Date): string {
  return at.toISOString().replace(/\.\d+|:/g, '');
}

export function fileName(at: Date, occasion?: string): string {
  return `rostra-${timeName(at)}${occasion ? `-${occasion}` : ''}.tar.gz`;
}

/** Its owner's alone. */
export async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

const full = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** A key of the locales, `backup.fault.<word>`: the list is read in the browser. */
export function faultOf(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (full.includes(code)) return 'full';
  return ['EACCES', 'EROFS', 'EPERM', 'ENOTDIR'].includes(code) ? 'forbidden' : 'other';
}

/** For the terminal; what is no fault of the disk stays what it is. */
export function inWords(error: unknown, file: string): unknown {
  const { code = '', message, syscall } = error as NodeJS.ErrnoException;
  if (full.includes(code)) {
    return new StartError(
      `The disk is full: ${file} could not be written, and nothing of it was left. Make room, or name another folder in ROSTRA_BACKUPS.`,
    );
  }
  if (!syscall) return error;
  return new StartError(`${file} could not be written (${message}): name another place.`);
}
