// A picture as it is kept: cleaned of what is not the picture, with its size.
import { type AppError, invalid } from '../errors.ts';

export interface Measured {
  body: Buffer;
  width: number;
  height: number;
}

/** Of the field that the file came in. */
export function fileFault(message: string, params?: Record<string, unknown>): AppError {
  return invalid([{ path: '/file', message: `store.fault.${message}`, ...(params && { params }) }]);
}

/** It begins as what it says it is, and does not go on so. */
export function broken(): AppError {
  return fileFault('broken');
}
