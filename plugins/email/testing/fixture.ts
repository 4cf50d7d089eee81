// For the tests: answers as mail programs write them, each in the manner of one of them.
import { simpleParser } from 'mailparser';
import { type AppOptions, startMailServer } from 'rostra/testing';
import { startImap } from '../bounce-imap.ts';
import { readMailbox } from '../bounce-mailbox.ts';
import { scene as sceneOf, type Taken } from '../hooks/fixture.ts';

type Test = Parameters<typeof startMailServer>[0];

export const lines = (...all: string[]): string => all.join('\r\n');

/** In quoted-printable, for a line that is short. */
const encoded = (words: string, charset: 'utf8' | 'latin1'): string =>
  Array.from(Buffer.from(words, charset), (byte) =>
    byte > 31 && byte < 127 && byte !== 61
      ? String.fromCharCode(byte)
      : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');

/** What a reader's program knows of the letter that it answers. */
export interface Letter {
  /** As `Reply-To` has it. */
  replyTo: string;
  messageId: string;
  subject: string;
  /** Of its reader. */
  to: string;
}

export async function letterOf({ source }: Pick<Taken, 'source'>): Promise<Letter> {
  const { replyTo, messageId = '', subject = '', to } = await simpleParser(source);
  const [first] = [to].flat();
  return {
    ...{ replyTo: replyTo?.value[0]?.address ?? '', messageId, subject },
    to: first?.value[0]?.address ?? '',
  };
}

export interface Written {
  said: string;
  from?: string;
  id?: string;
  /** More of the head, line by line. */
  head?: string[];
}

let count = 0;
const nextId = () => `<${(count += 1)}.answer@mail.example>`;

const headOf = (letter: Letter, { from = letter.to, id = nextId(), head = [] }: Written) => [
  'Date: Tue, 1 Dec 2026 10:06:00 +0100',
  `From: Jeanne Lecteur <${from}>`,
  `To: "Parti de l'Exemple" <${letter.replyTo}>`,
  `Subject: Re: ${letter.subject}`,
  ...(id === '' ? [] : [`Message-ID: ${id}`]),
  ...(letter.messageId
    ? [`In-Reply-To: ${letter.messageId}`, `References: ${letter.messageId}`]
    : []),
  'MIME-Version: 1.0',
  ...head,
];

/** The barest: as mutt does it, with the letter quoted below. */
export const mutt = (letter: Letter, written: Written): string =>
  lines(
    ...headOf(letter, written),
    'Content-Type: text/plain; charset=utf-8',
    'Content-Disposition: inline',
    'User-Agent: Mutt/2.2.12 (2023-09-09)',
    '',
    written.said,
    '',
    'On Tue, Dec 01, 2026 at 10:00:00AM +0000, Parti de l’Exemple wrote:',
    '> Lisez.',
    '> Pour ne plus recevoir : STOP',
    '',
  );

/** Both parts; the line that leads to the quotation is broken. */
export const gmail = (letter: Letter, written: Written): string =>
  lines(
    ...headOf(letter, written),
    'Content-Type: multipart/alternative; boundary="000000000000a1"',
    '',
    '--000000000000a1',
    'Content-Type: text/plain; charset="UTF-8"',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    encoded(written.said, 'utf8'),
    '',
    'Le mar. 1 d=C3=A9c. 2026 =C3=A0 11:00, Parti de l=E2=80=99Exemple <donnees@example.org> a',
    '=C3=A9crit :',
    '',
    '> Lisez.',
    '>',
    '--000000000000a1',
    'Content-Type: text/html; charset="UTF-8"',
    '',
    `<div dir="ltr">${written.said}</div><br><div class="gmail_quote"><blockquote>Lisez.</blockquote></div>`,
    '--000000000000a1--',
    '',
  );

/** HTML alone, in Windows-1252, with the head of the letter instead of a quotation. */
export const outlook = (letter: Letter, written: Written): string =>
  lines(
    ...headOf(letter, written),
    'Thread-Topic: La lettre',
    'Content-Type: text/html; charset="windows-1252"',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    '<html><head><style>p {margin:0}</style><script>alert(1)</script></head><body>',
    `<p class=3D"MsoNormal">${encoded(written.said, 'latin1')}</p><p class=3D"MsoNormal">&nbsp;</p>`,
    '<div style=3D"border-top:solid #E1E1E1 1.0pt"><p class=3D"MsoNormal"><b>De&nbsp;:</b> Parti<br>',
    '<b>Envoy&eacute;&nbsp;:</b> mardi 1 d&eacute;cembre 2026 11:00<br><b>&Agrave;&nbsp;:</b> Jeanne<br>',
    '<b>Objet&nbsp;:</b> La lettre</p></div><p>Lisez. STOP</p></body></html>',
  );

export const apple = (letter: Letter, written: Written): string =>
  lines(
    ...headOf(letter, written),
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    'X-Mailer: iPhone Mail (22B91)',
    '',
    written.said,
    '',
    'Envoyé de mon iPhone',
    '',
    '> Le 1 déc. 2026 à 11:00, Parti de l’Exemple <donnees@example.org> a écrit :',
    '> ',
    '> ﻿Lisez.',
    '',
  );

/** Written below what it quotes. */
export const thunderbird = (letter: Letter, written: Written): string =>
  lines(
    ...headOf(letter, written),
    'User-Agent: Mozilla Thunderbird',
    'Content-Type: text/plain; charset=UTF-8; format=flowed',
    'Content-Transfer-Encoding: 8bit',
    '',
    'Le 01/12/2026 à 11:00, Parti de l’Exemple a écrit :',
    '> Lisez.',
    '',
    written.said,
    '',
  );

export const orange = (letter: Letter, written: Written): string =>
  lines(
    ...headOf(letter, written),
    'Content-Type: text/plain; charset="iso-8859-1"',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(
      lines(
        written.said,
        '',
        ' ',
        '> Message du 01/12/26 11:00',
        '> De : "Parti" <donnees@example.org>',
        '> A : jeanne@orange.example',
        '> Copie à : ',
        '> Objet : La lettre',
        '> ',
        '> Lisez. STOP',
      ),
      'latin1',
    ).toString('base64'),
    '',
  );

/** A letter is out to three readers, and answers to it come to a mailbox on loopback. */
export async function scene(t: Test, settings: Record<string, string> = {}, more: AppOptions = {}) {
  const imap = await startImap(t);
  const set = { answersAddress: 'reponses@parti.example', answersServer: imap.url, ...settings };
  const s = await sceneOf(t, set, more);
  const read = () => readMailbox(s.scope, s.deps, 'answersServer');
  /** To the first reader, or another. */
  const sent = async (): Promise<Letter[]> => {
    const taken = await s.send();
    const all = await Promise.all(taken.map(letterOf));
    return all.toSorted((a, b) => a.to.localeCompare(b.to));
  };
  const kept = async (): Promise<Kept[]> => {
    const { rows } = await s.scope.db.raw(
      `select id, organization_id as "organizationId", is_proven as "isProven", send_id as "sendId", person_id as "personId",
         from_address as "from", subject, text, attachments, is_cut as "isCut", message_id as "messageId", refs, asks,
         stopped_at as "stoppedAt", state, received_at as "receivedAt"
       from email.answer order by id`,
    );
    return rows;
  };
  const newsletters = async (personId: string): Promise<number> => {
    const { rows } = await s.scope.db.raw(
      'select from people.subscription where person_id = :personId and until is null',
      { personId },
    );
    return rows.length;
  };
  return { ...s, imap, read, sent, kept, newsletters };
}

export interface Kept {
  id: string;
  organizationId: string;
  isProven: boolean;
  sendId: string | null;
  personId: string | null;
  from: string;
  subject: string;
  text: string;
  attachments: string[];
  isCut: boolean;
  messageId: string;
  refs: string[];
  asks: string | null;
  stoppedAt: Date | null;
  state: string;
  receivedAt: Date;
}
