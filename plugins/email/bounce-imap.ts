// For the tests: an IMAP server on loopback, as much of RFC 9051 as a mailbox is read with. No kept-up package is one.

import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

interface Test {
  teardown(end: () => void): void;
}

export interface KeptMail {
  uid: number;
  source: Buffer;
  /** As the mailbox has it. */
  date: string;
  flags: Set<string>;
}
export interface ImapPeer {
  /** With name and password in it. */
  url: string;
  folders: Map<string, KeptMail[]>;
  put(source: string, date?: string): void;
  /** Commands that it hung up at instead of obeying, e.g. `MOVE`. */
  dies: { at?: string };
  asked: string[];
}

export async function startImap(t: Test): Promise<ImapPeer> {
  const folders = new Map<string, KeptMail[]>([['INBOX', []]]);
  const peer = { folders, dies: {}, asked: [] as string[] } as unknown as ImapPeer;
  let uid = 0;
  peer.put = (source, date = '01-Dec-2026 10:05:00 +0000') => {
    uid += 1;
    folders.get('INBOX')?.push({ uid, source: Buffer.from(source), date, flags: new Set() });
  };
  const server = createServer((socket) => serve(peer, socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void server.close());
  const { port } = server.address() as AddressInfo;
  peer.url = `imap://retours:geheim%20x@127.0.0.1:${port}`;
  return peer;
}

function serve(peer: ImapPeer, socket: Socket): void {
  let waiting = '';
  let folder = 'INBOX';
  socket.on('error', () => {});
  const say = (...all: string[]) => void socket.write(all.map((one) => `${one}\r\n`).join(''));
  say('* OK ready');
  socket.on('data', (chunk) => {
    waiting += chunk.toString('latin1');
    for (let end = waiting.indexOf('\r\n'); end >= 0; end = waiting.indexOf('\r\n')) {
      const line = waiting.slice(0, end);
      waiting = waiting.slice(end + 2);
      obey(line);
    }
  });

  function obey(line: string): void {
    const [tag = '', ...rest] = line.split(' ');
    const uid = rest[0]?.toUpperCase() === 'UID';
    const [name = '', ...words] = uid ? rest.slice(1) : rest;
    const verb = name.toUpperCase();
    peer.asked.push(verb);
    if (verb === peer.dies.at) return void socket.destroy();
    const done = () => say(`${tag} OK done`);
    const mails = peer.folders.get(folder) ?? [];
    const range = Number(words[0]);
    const found = mails.find((mail) => mail.uid === range);
    switch (verb) {
      case 'CAPABILITY':
        say('* CAPABILITY IMAP4rev1 MOVE UIDPLUS');
        return done();
      case 'LOGIN':
        return words.join(' ') === '"retours" "geheim x"' ? done() : say(`${tag} NO wrong`);
      case 'LIST':
        if (words.join(' ') === '"" ""') say('* LIST (\\Noselect) "/" ""');
        else for (const one of peer.folders.keys()) say(`* LIST () "/" "${one}"`);
        return done();
      case 'CREATE':
        peer.folders.set(bare(words[0]), []);
        return done();
      case 'SELECT':
      case 'EXAMINE':
        folder = bare(words[0]);
        say(`* ${peer.folders.get(folder)?.length ?? 0} EXISTS`, '* FLAGS (\\Seen $RostraRead)');
        say(
          '* OK [PERMANENTFLAGS (\\Seen \\*)] any',
          '* OK [UIDVALIDITY 1] x',
          '* OK [UIDNEXT 99] x',
        );
        return say(`${tag} OK [READ-WRITE] done`);
      case 'SEARCH': {
        const mark =
          words.at(words.findIndex((word) => word.toUpperCase() === 'UNKEYWORD') + 1) ?? '';
        const those = mails.filter(({ flags }) => !flags.has(mark)).map((mail) => mail.uid);
        say(`* SEARCH ${those.join(' ')}`.trimEnd());
        return done();
      }
      case 'FETCH':
        if (found) fetched(found, mails.indexOf(found) + 1, line);
        return done();
      case 'STORE':
        for (const flag of line.match(/\((.*)\)/)?.[1]?.split(' ') ?? []) found?.flags.add(flag);
        return done();
      case 'MOVE':
        return moved(tag, found, bare(words[1]));
      case 'LOGOUT':
        say('* BYE', `${tag} OK done`);
        return void socket.end();
      default:
        return done();
    }
  }

  function fetched({ uid, source, date }: KeptMail, place: number, line: string): void {
    const most = Number(/<0\.(\d+)>/.exec(line)?.[1] ?? source.length);
    const piece = source.subarray(0, most);
    socket.write(
      `* ${place} FETCH (UID ${uid} INTERNALDATE "${date}" BODY[]<0> {${piece.length}}\r\n`,
    );
    socket.write(piece);
    socket.write(')\r\n');
  }

  function moved(tag: string, mail: KeptMail | undefined, to: string): void {
    const [there, here] = [peer.folders.get(to), peer.folders.get(folder)];
    if (!there) return say(`${tag} NO [TRYCREATE] there is none`);
    if (mail && here) {
      say(`* OK [COPYUID 1 ${mail.uid} ${mail.uid}] moved`, `* ${here.indexOf(mail) + 1} EXPUNGE`);
      here.splice(here.indexOf(mail), 1);
      there.push(mail);
    }
    say(`${tag} OK done`);
  }
}

const bare = (word = ''): string => word.replace(/^"|"$/g, '');
