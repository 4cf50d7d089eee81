// A call of a gateway that signs nothing: the key in its address is the secret. Fields are named in the settings.
import type { Scope } from 'rostra/plugin';
import type { Heard, News, Receipt, SmsAccount, SmsCall } from '../index.ts';
import { found, isNobodys } from './http.ts';
import { fieldAt } from './http-template.ts';

export function readHttp(scope: Scope, { settings }: SmsAccount, call: SmsCall): Heard | undefined {
  const query = URL.canParse(call.url) ? new URL(call.url).search.slice(1) : '';
  const body = call.body.toString('utf8');
  const said = (name: string): string | undefined => {
    const path = settings[name] ?? '';
    return fieldAt(body, path) ?? fieldAt(query, path);
  };
  const at = scope.now();
  const isPermanent = isNobodys(settings, `${query} ${body}`);
  const news = receiptOf(said, settings, { at, isPermanent }) ?? inboundOf(said, at);
  return news && { news };
}

type Said = (name: string) => string | undefined;

function receiptOf(
  said: Said,
  settings: Readonly<Record<string, string>>,
  when: { at: Date; isPermanent: boolean },
): News[] | undefined {
  const reference = said('receiptReference');
  const word = said('receiptState');
  if (!reference || word === undefined) return undefined;
  const state: Receipt['state'] | undefined = isOne(settings['delivered'], word)
    ? 'delivered'
    : isOne(settings['failed'], word)
      ? 'failed'
      : undefined;
  return state ? [{ kind: 'receipt', reference, state, answer: word.slice(0, 500), ...when }] : [];
}

/** Words between commas, or an expression between slashes. */
function isOne(words: string | undefined, word: string): boolean {
  if (!words) return false;
  if (words.startsWith('/')) return found(words, word);
  return words.split(',').some((one) => one.trim().toLowerCase() === word.toLowerCase());
}

function inboundOf(said: Said, at: Date): News[] | undefined {
  const from = said('inboundFrom');
  const text = said('inboundText');
  if (!from || text === undefined) return undefined;
  const reference = said('inboundReference');
  const inbound = { from: numberOf(from), to: numberOf(said('inboundTo') ?? ''), text, at };
  return [{ kind: 'inbound', ...inbound, ...(reference && { reference }) }];
}

const numberOf = (number: string): string =>
  /^\+?\d{7,15}$/.test(number) ? `+${number.replace(/^\+|^00/, '')}` : number;
