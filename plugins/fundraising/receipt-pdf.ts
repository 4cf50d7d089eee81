// A receipt on paper: one page, read aloud in its order, the same bytes of sense whenever it is taken.
import type { Scope } from 'rostra/plugin';
import type { DonationLine } from './line.ts';
import type { ReceiptRow } from './receipt.sql.ts';
import { fontFiles, runsOf, type Weight } from './receipt-fonts.ts';
import { type ReceiptWords, receiptWords } from './receipt-words.ts';

type Doc = PDFKit.PDFDocument;

/** Points. */
const edge = 62;
const right = 595.28 - edge;
const width = right - edge;
const ink = '#1a1a1a';
const quiet = '#595959';

export async function receiptPdf(
  scope: Scope,
  receipt: ReceiptRow,
  gift: DonationLine,
): Promise<Buffer> {
  const words = await receiptWords(scope, receipt, gift);
  const { default: PDFDocument } = await import('pdfkit');
  const doc = new PDFDocument({
    ...{ size: 'A4', margin: edge, lang: scope.locale, tagged: true, displayTitle: true },
    pdfVersion: '1.7',
    info: {
      Title: `${words.title} ${receipt.label}`,
      Author: words.party,
      CreationDate: receipt.issuedAt,
      ModDate: receipt.voidedAt ?? receipt.issuedAt,
    },
  });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve) => doc.on('end', resolve));
  const write = await makeWriter(doc);
  if (words.mark) watermark(doc, write, words.mark);
  setPage(doc, write, words);
  doc.end();
  await ended;
  return Buffer.concat(chunks);
}

interface Style {
  size?: number;
  weight?: Weight;
  color?: string;
  x?: number;
  y?: number;
  width?: number;
  align?: 'left' | 'right' | 'center';
}
type Write = (text: string, style?: Style & { tag?: string }) => void;

/** Sets text in whichever fonts it takes, and tells readers aloud what it is. */
async function makeWriter(doc: Doc): Promise<Write> {
  for (const { name, bytes } of await fontFiles()) doc.registerFont(name, bytes);
  const known = new Map<string, boolean>();
  const has = (font: string, codePoint: number): boolean => {
    const key = `${font} ${codePoint}`;
    const found = known.get(key) ?? glyphIn(doc, font, codePoint);
    known.set(key, found);
    return found;
  };
  return (text, style = {}) => {
    const { size = 10.5, weight = 400, color = ink, x = edge, tag = 'P' } = style;
    const runs = runsOf(text, weight, has);
    const set = () => {
      doc.fontSize(size).fillColor(color);
      runs.forEach((run, at) => {
        const options = {
          ...{ width: style.width ?? right - x, align: style.align ?? 'left', lineGap: 2 },
          continued: at < runs.length - 1,
        };
        doc.font(run.font);
        if (at === 0) doc.text(run.text, x, style.y ?? doc.y, options);
        else doc.text(run.text, options);
      });
    };
    if (tag === 'Artifact') set();
    else doc.addStructure(doc.struct(tag, {}, set));
  };
}

/** Its own font engine is asked; the document's text position is not touched. */
function glyphIn(doc: Doc, font: string, codePoint: number): boolean {
  doc.font(font);
  const { _font } = doc as unknown as {
    _font: { font: { hasGlyphForCodePoint(codePoint: number): boolean } };
  };
  return _font.font.hasGlyphForCodePoint(codePoint);
}

function watermark(doc: Doc, write: Write, mark: string): void {
  doc.markContent('Artifact', { type: 'Layout' });
  doc
    .save()
    .rotate(-38, { origin: [297, 421] })
    .fillOpacity(0.13);
  write(mark, {
    ...{ tag: 'Artifact', size: 120, weight: 600, color: '#b00020' },
    ...{ x: 0, y: 350, width: 595, align: 'center' },
  });
  doc.restore();
  doc.endMarkedContent();
  doc.fillOpacity(1);
}

function setPage(doc: Doc, write: Write, words: ReceiptWords): void {
  write(words.party, { size: 13, weight: 600, y: edge });
  doc.moveDown(1.6);
  write(words.title, { size: 20, weight: 600, tag: 'H1' });
  write(words.number, { size: 12, color: quiet });
  if (words.stale) doc.moveDown(0.8);
  if (words.stale) write(words.stale, { weight: 600, color: '#b00020' });
  const [first, ...others] = words.law;
  if (first) frame(doc, write, first);
  doc.moveDown(1.2);
  block(write, words.issuer);
  doc.moveDown(1);
  block(write, words.donor);
  doc.moveDown(1.2);
  for (const { label, text } of words.facts) fact(doc, write, label, text);
  doc.moveDown(1.2);
  for (const line of others) write(line, { size: 9.5, color: quiet });
}

/** What must not be overlooked stands in a frame before everything else. */
function frame(doc: Doc, write: Write, text: string): void {
  doc.moveDown(1);
  const top = doc.y;
  write(text, { weight: 600, x: edge + 12, y: top + 10, width: width - 24 });
  const height = doc.y - top + 10;
  doc.markContent('Artifact', { type: 'Layout' });
  doc.lineWidth(1.2).strokeColor(ink).rect(edge, top, width, height).stroke();
  doc.endMarkedContent();
  doc.y = top + height;
}

function block(write: Write, { caption, lines: [name, ...lines] }: ReceiptWords['donor']): void {
  write(caption, { size: 9.5, color: quiet });
  if (name) write(name, { weight: 600 });
  for (const line of lines) write(line);
}

function fact(doc: Doc, write: Write, label: string, text: string): void {
  const top = doc.y;
  const column = edge + 150;
  write(label, { color: quiet, y: top, width: 140 });
  const after = doc.y;
  write(text, { weight: 600, x: column, y: top, width: right - column });
  doc.y = Math.max(after, doc.y) + 5;
}
