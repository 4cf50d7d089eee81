// How one promise is tried: a check looks, and says what is not so.
import { isAppError } from 'rostra/plugin';
import type { Amount, PaymentOrder, PaymentState } from '../index.ts';
import type { ProviderTrial } from './index.ts';

export interface Trial extends ProviderTrial {
  /** Notes the sentence when it is not so. */
  hold(isSo: boolean, otherwise: string): void;
  /** A new order, of 12.34 euros unless said. */
  order(more?: Partial<PaymentOrder>): PaymentOrder;
  /** Opens one that nobody opened before; answers its reference. */
  open(more?: Partial<PaymentOrder>): Promise<string>;
  /** Opens one and has the donor pay it. */
  paid(amount?: Amount): Promise<string>;
  /** How it stands; a fault is thrown where it is not known. */
  state(reference: string): Promise<PaymentState>;
}
export interface Check {
  name: string;
  run(trial: Trial): Promise<void>;
}

let made = 0;

export async function faultsOf(given: ProviderTrial, check: Check): Promise<string[]> {
  const faults: string[] = [];
  given.far.become?.('well');
  try {
    await check.run(trialOf(given, (fault) => faults.push(fault)));
  } catch (error) {
    faults.push(`it throws ${error instanceof Error ? error.message : String(error)}`);
  }
  given.far.become?.('well');
  return faults.map((fault) => `${check.name}: ${fault}`);
}

function trialOf(given: ProviderTrial, fault: (sentence: string) => void): Trial {
  const { provider, scope, account, far } = given;
  const order = (more: Partial<PaymentOrder> = {}): PaymentOrder => {
    made += 1;
    const reference = `trial-${made}`;
    return {
      key: `${reference}-${scope.now().getTime()}`,
      reference,
      amount: { minor: 1234, currency: 'EUR' },
      methods: ['card'],
      label: 'Parti de l’Exemple',
      returnUrl: 'https://party.example/give/thanks',
      locale: 'en',
      ...more,
    };
  };
  const open = async (more?: Partial<PaymentOrder>): Promise<string> =>
    (await provider.open(scope, account, order(more))).reference;
  return {
    ...given,
    hold: (isSo, otherwise) => {
      if (!isSo) fault(otherwise);
    },
    order,
    open,
    async paid(amount) {
      const reference = await open(amount && { amount });
      await far.pay(reference);
      return reference;
    },
    async state(reference) {
      const found = await provider.payment(scope, account, reference);
      if (!found) throw new Error('it knows of no payment by the reference that it gave');
      return found;
    },
  };
}

/** `12.34` of 1234 in euros, `500` of 500 in yen. */
export function printed({ minor, currency }: Amount): string {
  const style = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = style.resolvedOptions().maximumFractionDigits ?? 2;
  return (minor / 10 ** digits).toFixed(digits);
}

export function isSame(one: Amount | undefined, other: Amount): boolean {
  return one?.minor === other.minor && one.currency === other.currency;
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

export const said = {
  no: 'fundraising.payment-refused',
  away: 'core.unavailable',
  wrong: 'core.invalid',
};
