// How one promise is tried: a check looks, and says what is not so.
import { isAppError } from 'rostra/plugin';
import type { HandedSms, News, SmsLine, SmsMessage } from '../index.ts';
import type { GatewayTrial } from './index.ts';

export interface Trial extends GatewayTrial {
  /** Notes the sentence when it is not so. */
  hold(isSo: boolean, otherwise: string): void;
  /** A line of its own; what is told on it goes to `told`. */
  line(): Promise<SmsLine>;
  told: News[];
  message(more?: Partial<SmsMessage>): SmsMessage;
  /** Hands over a new one, and cuts it after that many milliseconds. */
  hand(line: SmsLine, more?: Partial<SmsMessage>, cutAfter?: number): Promise<HandedSms>;
}
export interface Check {
  name: string;
  run(trial: Trial): Promise<void>;
}

let made = 0;

export async function faultsOf(given: GatewayTrial, check: Check): Promise<string[]> {
  const faults: string[] = [];
  const lines: SmsLine[] = [];
  given.far.become('well');
  try {
    await check.run(trialOf(given, lines, (fault) => faults.push(fault)));
  } catch (error) {
    faults.push(`it throws ${error instanceof Error ? error.message : String(error)}`);
  }
  given.far.become('well');
  for (const line of lines) line.close();
  return faults.map((fault) => `${check.name}: ${fault}`);
}

function trialOf(given: GatewayTrial, lines: SmsLine[], fault: (sentence: string) => void): Trial {
  const told: News[] = [];
  const message = (more: Partial<SmsMessage> = {}): SmsMessage => {
    made += 1;
    const plain = { encoding: 'gsm7', parts: 1 } as const;
    const way = { from: '+33700000001', to: '+33612345678' };
    return { key: `trial-${made}`, ...way, text: `Bonjour ${made}`, ...plain, ...more };
  };
  return {
    ...given,
    told,
    message,
    hold: (isSo, otherwise) => {
      if (!isSo) fault(otherwise);
    },
    async line() {
      const line = await given.gateway.open(given.scope, given.account, async (news) => {
        told.push(...news);
      });
      lines.push(line);
      return line;
    },
    hand: (line, more, cutAfter = 5_000) => line.hand(message(more), AbortSignal.timeout(cutAfter)),
  };
}

export async function until(isSo: () => boolean): Promise<boolean> {
  for (let turn = 0; turn < 3_000; turn += 1) {
    if (isSo()) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}

/** The code of the error that it ends in; `undefined` when it does not. */
export async function endOf(act: Promise<unknown>): Promise<string | undefined> {
  try {
    await act;
    return undefined;
  } catch (error) {
    return isAppError(error) ? error.code : `a bug (${String(error)})`;
  }
}
