// A scan as a telephone would make it: small, and a PDF by its first bytes.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function writeScan(content = '%PDF-1.4 a cheque'): { path: string; name: string } {
  const path = join(mkdtempSync(join(tmpdir(), 'rostra-scan-')), 'cheque.pdf');
  writeFileSync(path, content);
  return { path, name: 'cheque.pdf' };
}
