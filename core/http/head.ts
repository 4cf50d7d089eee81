// The head of an answer whose lines are known beforehand: node would look through each of them again for every
// reader, a sixth of all that it does for a kept page (`npm run bench -- pages`).
import { type ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http';
import { keepAliveSeconds } from './listen.ts';

export interface Head {
  /** Name, value, name, value …: what `writeHead` takes. */
  lines: string[];
  /** The same as they leave. */
  text: string;
}

/** Of an answer with status 200. Throws node's error when a line could not be sent. */
export function headOf(lines: string[]): Head {
  let text = 'HTTP/1.1 200 OK\r\n';
  for (let at = 0; at < lines.length; at += 2) {
    const [name = '', value = ''] = lines.slice(at, at + 2);
    validateHeaderName(name);
    validateHeaderValue(name, value);
    text += `${name}: ${value}\r\n`;
  }
  return { lines, text };
}

/** Like `writeHead`; a line that is to be closed after it is left to node. `now` in milliseconds. */
export function writeHead(res: ServerResponse, head: Head, now: number): void {
  if (!res.shouldKeepAlive) {
    res.writeHead(200, head.lines);
    return;
  }
  // Not in node's documentation, but in each version that we support; head.test.ts sees when it is no more.
  const open = res as unknown as { _header: string };
  open._header = `${head.text}${stamp(now)}${ending}`;
}

const ending = `Connection: keep-alive\r\nKeep-Alive: timeout=${keepAliveSeconds}\r\n\r\n`;
const last = { second: 0, line: '' };

/** RFC 9110, 6.6.1; made once a second. */
function stamp(now: number): string {
  const second = Math.floor(now / 1_000);
  if (second !== last.second) {
    last.second = second;
    last.line = `Date: ${new Date(now).toUTCString()}\r\n`;
  }
  return last.line;
}
