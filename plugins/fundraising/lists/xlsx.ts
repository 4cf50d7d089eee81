// A list as a workbook (ECMA-376), written while it is read. Text is text there, so nothing in it is run.
import type { Scope } from 'rostra/plugin';
import { digitsOf } from '../money.ts';
import { plainAmount } from './amount.ts';
import type { Cell, Column, Sheet } from './sheet.ts';

/** Rows that a sheet can hold, its head left out. */
export const rowsMost = 1_048_575;

/** Characters that are squeezed at a time. */
const aChunk = 64 * 1024;

export async function* asXlsx(scope: Scope, sheet: Sheet): AsyncIterable<Uint8Array> {
  const { Zip, ZipDeflate, strToU8 } = await import('fflate');
  let ready: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    ready.push(chunk);
  });
  const open = (name: string) => {
    const file = new ZipDeflate(name, { level: 6 });
    file.mtime = scope.now();
    zip.add(file);
    return file;
  };
  for (const [name, text] of Object.entries(frame(digitsOf(sheet.currency)))) {
    open(name).push(strToU8(text), true);
  }
  const file = open('xl/worksheets/sheet1.xml');
  for await (const text of gather(sheetXml(scope, sheet))) {
    file.push(strToU8(text));
    yield* ready;
    ready = [];
  }
  file.push(new Uint8Array(0), true);
  zip.end();
  yield* ready;
}

async function* gather(pieces: AsyncIterable<string>): AsyncIterable<string> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length < aChunk) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

async function* sheetXml(scope: Scope, { columns, currency, rows }: Sheet): AsyncIterable<string> {
  const digits = digitsOf(currency);
  let number = 0;
  const row = (cells: readonly string[]): string => {
    number += 1;
    // Some readers want each cell's address, though it may be left out.
    const placed = cells.map((cell, at) => cell && `<c r="${letterOf(at)}${number}"${cell}</c>`);
    return `<row r="${number}">${placed.join('')}</row>`;
  };
  yield `${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="${columns.length}" width="18" customWidth="1"/></cols><sheetData>`;
  yield row(columns.map(({ label }) => textCell(scope.t(label), 1)));
  for await (const cells of rows) {
    yield row(cells.map((cell, at) => cellXml(scope, cell, columns[at], digits)));
  }
  yield '</sheetData></worksheet>';
}

/** `A` to `Z`: no list has more columns. */
function letterOf(at: number): string {
  return String.fromCharCode(65 + at);
}

/** From behind its address on; nothing of an empty one. */
function cellXml(scope: Scope, cell: Cell, column: Column | undefined, digits: number): string {
  if (cell === undefined || cell === '') return '';
  if (typeof cell === 'object') return textCell(scope.t(cell.word));
  if (typeof cell === 'number') {
    if (column?.kind !== 'amount') return `><v>${cell}</v>`;
    return ` s="2"><v>${plainAmount(cell, digits)}</v>`;
  }
  if (column?.kind !== 'day') return textCell(cell);
  return ` s="3"><v>${serialOf(cell)}</v>`;
}

function textCell(text: string, style = 0): string {
  return ` s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(text)}</t></is>`;
}

/** What XML has no way to say: other control characters, and half of a character. */
const unsayable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu;
const names: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };

function escapeXml(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(unsayable, '')
    .replace(/[<>&"]/g, (sign) => names[sign] ?? '');
}

/** Days since the eve of 1900 as spreadsheets count them, a leap year that was none included. */
function serialOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 86_400_000 + 25_569;
}

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const kinds = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** All that a workbook is beside its sheet. Styles: plain, head, amount, day. */
function frame(digits: number): Record<string, string> {
  const amount = digits === 0 ? '#,##0' : `#,##0.${'0'.repeat(digits)}`;
  return {
    '[Content_Types].xml': `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${kinds}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${kinds}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${kinds}.styles+xml"/></Types>`,
    '_rels/.rels': `${head}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${head}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `${head}<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="${amount}"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font/><font><b/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf xfId="0"/><xf fontId="1" applyFont="1" xfId="0"/><xf numFmtId="164" applyNumberFormat="1" xfId="0"/><xf numFmtId="165" applyNumberFormat="1" xfId="0"/></cellXfs></styleSheet>`,
  };
}
