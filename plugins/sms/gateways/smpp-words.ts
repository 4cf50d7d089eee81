// How a text and a receipt are written in SMPP 3.4 (SMPP Developers Forum, 12-Oct-1999), and in its appendix B.
import { createHash } from 'node:crypto';
import type { Pdu } from 'smpp';
import type { HandedSms, Receipt, SmsMessage } from '../index.ts';

interface Alphabet {
  encode(text: string): Buffer;
}

export interface SmppPart {
  short_message: Buffer;
  esm_class: number;
}

/** Bytes of the text in each part beside its head of six (3GPP TS 23.040, 9.2.3.24.1). */
const room = { gsm7: { alone: 160, each: 153 }, ucs2: { alone: 140, each: 134 } };
const escape = 0x1b;

export const codingOf = { gsm7: 0, ucs2: 8 } as const;

export function partsOf({ text, encoding, key }: SmsMessage, alphabet: Alphabet): SmppPart[] {
  const bytes = alphabet.encode(text);
  const { alone, each } = room[encoding];
  if (bytes.length <= alone) return [{ short_message: bytes, esm_class: 0 }];
  const pieces = cut(bytes, each, encoding);
  const reference = createHash('sha256').update(key).digest()[0] ?? 0;
  return pieces.map((piece, at) => ({
    short_message: Buffer.concat([Buffer.from([5, 0, 3, reference, pieces.length, at + 1]), piece]),
    esm_class: 0x40,
  }));
}

/** Neither an escape and its sign nor the two halves of a sign are torn apart. */
function cut(bytes: Buffer, each: number, encoding: SmsMessage['encoding']): Buffer[] {
  const pieces: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    let to = Math.min(from + each, bytes.length);
    const isTorn =
      to < bytes.length &&
      (encoding === 'gsm7'
        ? bytes[to - 1] === escape
        : (bytes.readUInt16BE(to - 2) & 0xfc00) === 0xd800);
    if (isTorn) to -= encoding === 'gsm7' ? 1 : 2;
    pieces.push(bytes.subarray(from, to));
    from = to;
  }
  return pieces;
}

/** International, alphanumeric (5), or a short code of the network's own (3). */
export function senderOf(from: string): Record<string, unknown> {
  if (/^\+\d+$/.test(from))
    return { source_addr: from.slice(1), source_addr_ton: 1, source_addr_npi: 1 };
  if (/^\d+$/.test(from)) return { source_addr: from, source_addr_ton: 3, source_addr_npi: 0 };
  return { source_addr: from, source_addr_ton: 5, source_addr_npi: 0 };
}

export function receiverOf(to: string): Record<string, unknown> {
  return { destination_addr: to.replace(/^\+/, ''), dest_addr_ton: 1, dest_addr_npi: 1 };
}

export function numberOf(address = '', kind = 0): string {
  const isWhole = /^\d{7,15}$/.test(address) && (kind === 1 || kind === 0);
  return isWhole ? `+${address}` : address;
}

/** Full or throttled queues, and a system that has no time: nothing was taken. 5.1.3 of the specification. */
const passing = new Set([0x14, 0x58, 0x08, 0x64]);
const names: Record<number, string> = {
  0x01: 'ESME_RINVMSGLEN',
  0x08: 'ESME_RSYSERR',
  0x0a: 'ESME_RINVSRCADR',
  0x0b: 'ESME_RINVDSTADR',
  0x14: 'ESME_RMSGQFUL',
  0x45: 'ESME_RSUBMITFAIL',
  0x58: 'ESME_RTHROTTLED',
  0x64: 'ESME_RX_T_APPN',
  0x65: 'ESME_RX_P_APPN',
};
const nameOf = (status: number) => names[status] ?? `0x${status.toString(16).padStart(8, '0')}`;

/** ESME_RINVDSTADR */
const invalidNumber = 0x0b;

export function verdictOf(pdu: Pdu): HandedSms {
  const { command, command_status: status, message_id: reference } = pdu;
  if (status !== 0) {
    const isPermanent = status === invalidNumber;
    const state = passing.has(status) ? 'later' : 'refused';
    return { state, answer: nameOf(status), ...(isPermanent && { isPermanent }) };
  }
  // Without an id nobody can tell what was taken.
  if (command !== 'submit_sm_resp' || !reference) return { state: 'unknown', answer: command };
  return { state: 'accepted', reference, answer: 'ESME_ROK' };
}

const byWord: Record<string, Receipt['state'] | 'under-way'> = {
  DELIVRD: 'delivered',
  EXPIRED: 'failed',
  DELETED: 'failed',
  UNDELIV: 'failed',
  REJECTD: 'failed',
  UNKNOWN: 'unknown',
  ENROUTE: 'under-way',
  ACCEPTD: 'under-way',
};
const words = [
  '',
  'ENROUTE',
  'DELIVRD',
  'EXPIRED',
  'DELETED',
  'UNDELIV',
  'ACCEPTD',
  'UNKNOWN',
  'REJECTD',
];

export const isReceipt = ({ esm_class = 0, receipted_message_id }: Pdu): boolean =>
  (esm_class & 0x3c) === 0x04 || receipted_message_id !== undefined;

/**
 * `undefined` of one that says only that it is under way, or nothing that can be read. The fields of their own count before
 * the text, which each maker writes in its own way. `nobodys`: its error codes, between commas, of numbers that nobody has.
 */
export function readReceipt(
  pdu: Pdu,
  how: { ids: 'same' | 'decimal'; nobodys: string; at: Date },
): Receipt | undefined {
  const text = textOf(pdu);
  const said = (name: string) => new RegExp(`\\b${name}:\\s*([^\\s]+)`, 'i').exec(text)?.[1];
  const id = clean(pdu.receipted_message_id) ?? said('id');
  const word = (words[pdu.message_state ?? 0] || said('stat') || '').toUpperCase().slice(0, 7);
  const state = byWord[word];
  if (!id || !state || state === 'under-way') return undefined;
  const error = said('err');
  const answer = error === undefined ? word : `${word} ${error}`;
  const isPermanent = state === 'failed' && (isNobodys(pdu) || isAmong(how.nobodys, error));
  return {
    kind: 'receipt',
    reference: referenceOf(id, how.ids),
    state,
    isPermanent,
    answer,
    at: how.at,
  };
}

/**
 * Each maker counts the errors of its text (`err:`) in its own way. The field of its own names the network that speaks
 * (5.3.2.31): on GSM, 1 is an unknown subscriber (3GPP TS 29.002, 17.6.6); absent ones and full telephones are others.
 */
function isNobodys({ network_error_code: code }: Pdu): boolean {
  return Buffer.isBuffer(code) && code.length === 3 && code[0] === 3 && code.readUInt16BE(1) === 1;
}

function isAmong(codes: string, code: string | undefined): boolean {
  const plain = (one: string) => one.trim().replace(/^0+/, '').toUpperCase();
  return code !== undefined && codes.split(',').map(plain).filter(Boolean).includes(plain(code));
}

/** Some tell a hexadecimal id at once and the same in decimals in the receipt. */
function referenceOf(id: string, ids: 'same' | 'decimal'): string {
  return ids === 'decimal' && /^\d{1,30}$/.test(id) ? BigInt(id).toString(16) : id;
}

const clean = (text: string | undefined) => text?.replace(/\0+$/, '') || undefined;

export function textOf({ short_message, message_payload }: Pdu): string {
  const short = short_message?.message;
  if (short !== undefined && short.length > 0) return plain(short);
  const payload = message_payload;
  if (payload === undefined) return '';
  return typeof payload === 'string' || Buffer.isBuffer(payload)
    ? plain(payload)
    : plain(payload.message);
}

const plain = (text: string | Buffer): string =>
  typeof text === 'string' ? text : text.toString('latin1');
