// The parts of the library that are used here, which brings no types.
declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server } from 'node:net';

  export interface Pdu {
    command: string;
    command_status: number;
    sequence_number: number;
    message_id?: string;
    esm_class?: number;
    data_coding?: number;
    source_addr?: string;
    source_addr_ton?: number;
    destination_addr?: string;
    destination_addr_ton?: number;
    registered_delivery?: number;
    system_id?: string;
    password?: string;
    short_message?: { message: string | Buffer; udh?: Buffer[] };
    message_payload?: { message: string | Buffer } | Buffer | string;
    receipted_message_id?: string;
    message_state?: number;
    network_error_code?: Buffer;
    response(fields?: Record<string, unknown>): Pdu;
    isResponse(): boolean;
  }
  type Answered = (pdu: Pdu) => void;
  type Ask = (
    fields: Record<string, unknown>,
    answered?: Answered,
    sent?: Answered,
    failed?: Answered,
  ) => boolean;
  export interface Session extends EventEmitter {
    closed: boolean;
    socket: import('node:net').Socket;
    bind_transceiver: Ask;
    submit_sm: Ask;
    deliver_sm: Ask;
    enquire_link: Ask;
    unbind: Ask;
    send(pdu: Pdu): boolean;
    close(): void;
    destroy(): void;
  }
  const smpp: {
    connect(options: Record<string, unknown>): Session;
    createServer(options: Record<string, unknown>, listener: (session: Session) => void): Server;
    encodings: Record<
      'ASCII' | 'UCS2' | 'LATIN1',
      { encode(text: string): Buffer; decode(bytes: Buffer): string }
    >;
  };
  export default smpp;
}
