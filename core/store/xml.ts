// Reads XML once, from left to right, as browsers do: comments and instructions go, hidden text is written openly.
import { broken, fileFault } from './measured.ts';

export interface Tag {
  name: string;
  attributes: Map<string, string>;
}

export interface Piece {
  text: string;
  /** Of an element that begins here. */
  tag?: Tag;
  /** Names of the elements that it stands in; its own is there when it ends one. */
  inside: readonly string[];
}

/** No pattern runs from many places to the end of the file, since such a file would hold the process up. */
export function* readXml(text: string): Generator<Piece> {
  const inside: string[] = [];
  let isOver = false;
  for (let at = 0; at < text.length; ) {
    const { end, content = text.slice(at, end) } = pieceAt(text, at);
    at = end;
    if (content === '') continue;
    if (isOver && content.trim() !== '') throw broken();
    if (!content.startsWith('<')) {
      if (inside.length === 0 && content.trim() !== '') throw broken();
      yield { text: content, inside };
    } else if (content.startsWith('</')) {
      yield { text: content, inside };
      if (inside.pop() !== content.slice(2, -1).trim()) throw broken();
    } else {
      const tag = tagIn(content);
      yield { text: content, tag, inside };
      if (!content.endsWith('/>')) inside.push(tag.name);
    }
    isOver ||= inside.length === 0 && content.startsWith('<');
  }
  if (!isOver) throw broken();
}

/** Without its namespace. */
export function local(name: string): string {
  return name.slice(name.indexOf(':') + 1).toLowerCase();
}

const openings: [string, string, (content: string) => string][] = [
  ['<!--', '-->', () => ''],
  ['<![CDATA[', ']]>', escaped],
  ['<?', '?>', () => ''],
  ['<!', '>', doctype],
];

/** `content` where it is not as it was written. */
function pieceAt(text: string, at: number): { end: number; content?: string } {
  if (text[at] !== '<') {
    const next = text.indexOf('<', at);
    return { end: next === -1 ? text.length : next };
  }
  const opening = openings.find(([begin]) => text.startsWith(begin, at));
  if (!opening) return { end: endOfTag(text, at + 1) };
  const [begin, close, make] = opening;
  const end = text.indexOf(close, at + begin.length);
  if (end === -1) throw broken();
  return { end: end + close.length, content: make(text.slice(at + begin.length, end)) };
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What would be read in place of its name may be anything. */
function doctype(content: string): string {
  if (/\[|ENTITY/i.test(content)) throw fileFault('svg.entity');
  return '';
}

function endOfTag(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (sign === '<') break;
    if (quote === '' && sign === '>') return at + 1;
    if (quote === sign) quote = '';
    else if (quote === '' && (sign === '"' || sign === "'")) quote = sign;
  }
  throw broken();
}

function tagIn(content: string): Tag {
  const name = /^<([A-Za-z_][\w:.-]*)/.exec(content)?.[1];
  if (name === undefined) throw broken();
  const attributes = new Map<string, string>();
  const one = /\s+([^\s=/"'<>]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;
  one.lastIndex = name.length + 1;
  let end = one.lastIndex;
  for (let found = one.exec(content); found; found = one.exec(content)) {
    attributes.set(found[1] ?? '', found[2] ?? found[3] ?? '');
    end = one.lastIndex;
  }
  if (!/^\s*\/?>$/.test(content.slice(end))) throw broken();
  return { name, attributes };
}
