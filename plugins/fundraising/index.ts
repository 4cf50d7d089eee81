// The public face of fundraising: what other plugins may hear from it, and how a payment provider is brought in.
import { extensionPoint, type Scope } from 'rostra/plugin';

/** An amount in the smallest unit of its currency, always a whole number. */
export interface Amount {
  minor: number;
  /** ISO 4217, with as many decimals as `Intl` shows of it; a provider may count otherwise. */
  currency: string;
}

export type Method = 'card' | 'direct_debit' | 'transfer' | 'cheque' | 'cash';

/** A recipient's own account at a provider, as the recipient's treasurer filled it in. */
export interface ProviderAccount {
  id: string;
  isTest: boolean;
  /** By the names of the provider's `settings`; the secret ones too. */
  settings: Readonly<Record<string, string>>;
}

export interface ProviderInfo {
  /** `stripe`: kept with each payment, so never changed. */
  id: string;
  /** Its proper name. */
  name: string;
  methods: readonly Method[];
  /** `signed`: its calls prove themselves; `ask-back`: a call says only that something happened, and is asked about. */
  hook: 'signed' | 'ask-back';
  /** JSON Schema of what a treasurer fills in, texts all; those that nobody may read again have `"x-secret": true`. */
  settings: Record<string, unknown>;
}

export interface PaymentOrder {
  /** Idempotency key: the same twice opens one payment. */
  key: string;
  amount: Amount;
  methods: readonly Method[];
  /** The donation, by a word that says nothing of the donor; comes back with the payment. */
  reference: string;
  /** Line on the donor's statement. */
  label: string;
  /** Where the donor comes back to. */
  returnUrl: string;
  /** BCP 47. */
  locale: string;
}

export interface OpenedPayment {
  /** The provider's id of it. */
  reference: string;
  client: PaymentElement | { kind: 'page'; url: string };
}

/**
 * The donor pays in the page itself. `view` is one of the provider's own plugin (`views/site`), drawn at the foot of the form
 * `#give-pay`: it loads a script of the plugin's assets, and the page may load what the plugin declared in `csp`. The script
 * finds the `values` as `data-*` of that form, beside `data-unreachable` and `data-working`, which are sentences; it fills
 * `#give-element`, says what is wrong in `#give-fault`, and in the end goes to where the order's `returnUrl` says.
 */
export interface PaymentElement {
  kind: 'element';
  view: string;
  /** What the script needs; nothing secret but to this donor. */
  values: Record<string, string>;
}

/** As the provider knows it at the moment. */
export interface PaymentState {
  reference: string;
  /** The order's own key, where the provider keeps it. */
  key: string | undefined;
  state: 'open' | 'processing' | 'succeeded' | 'failed';
  /** What was really taken. */
  paid: Amount | undefined;
  /** What the provider keeps of it; `undefined` while it is not known. */
  fee: Amount | undefined;
  method: Method | undefined;
  /**
   * A mark of the card or bank account that paid, the same whenever it pays here; never its number. Kept as a keyed hash, to
   * ask the treasurer about donors who pay with one and go by two names. Left out where the provider tells none.
   */
  payer?: string | undefined;
  /** Sent back so far. */
  refunds: readonly RefundState[];
  /** Taken back by the donor's bank. */
  disputes: readonly DisputeState[];
  at: Date;
}
export interface RefundState {
  reference: string;
  key: string | undefined;
  amount: Amount;
  state: 'pending' | 'succeeded' | 'failed';
}
export interface DisputeState {
  reference: string;
  amount: Amount;
  /** What the provider keeps for its trouble. */
  fee?: Amount;
  state: 'open' | 'won' | 'lost';
}
export interface PayoutState {
  reference: string;
  /** Net, as it arrives at the recipient's bank. */
  amount: Amount;
  state: 'pending' | 'paid' | 'failed';
  /** ISO date. */
  arrivesOn: string;
  /** The last signs of the bank account that it goes to, where the provider tells them: is it the recipient's own? */
  bank?: string | undefined;
}

/** What a call of the provider is about; never what it says of amounts, which is asked for. */
export interface HookNews {
  /** The provider's id of the call; the same again is nothing new. */
  id: string;
  about: { kind: 'payment' | 'payout'; reference: string }[];
}

/**
 * Takes money for recipients. Each method may be called again with the same input and does nothing twice. One that cannot
 * reach the provider, or gets an answer that it cannot read, throws `unavailable`; nobody then knows whether it happened,
 * and it is asked about. A provider that says no throws `refused('fundraising.payment-refused')`.
 */
export interface PaymentProvider {
  describe(scope: Scope): Promise<ProviderInfo>;
  /**
   * Before an account is kept: throws `invalid` with a fault a setting (`/secretKey`) where it is not one of the provider's,
   * or takes real money in a test account or play money in another. Answers the provider's own id of the account, where it
   * tells one: the same at two recipients is refused, for its payouts are of one of them.
   */
  check(scope: Scope, account: ProviderAccount): Promise<string | undefined>;
  open(scope: Scope, account: ProviderAccount, order: PaymentOrder): Promise<OpenedPayment>;
  /** By the provider's reference; `undefined` when it knows of none. */
  payment(
    scope: Scope,
    account: ProviderAccount,
    reference: string,
  ): Promise<PaymentState | undefined>;
  /**
   * By the order's key, after a crash between the order and its answer. `undefined` while it cannot be found, which the
   * provider may be slow in: it is asked again for a day before it counts as never made.
   */
  findByKey(scope: Scope, account: ProviderAccount, key: string): Promise<PaymentState | undefined>;
  /** Ends one that nobody will pay any more; answers how it stands after that. */
  cancel(scope: Scope, account: ProviderAccount, reference: string): Promise<PaymentState>;
  refund(
    scope: Scope,
    account: ProviderAccount,
    order: { payment: string; key: string; amount: Amount },
  ): Promise<RefundState>;
  /** Since then, oldest first. */
  payouts(scope: Scope, account: ProviderAccount, since: Date): AsyncIterable<PayoutState>;
  /** Reads a call; `undefined` for one that is forged, too old or not about money. Never throws for what a stranger sent. */
  readHook(
    scope: Scope,
    account: ProviderAccount,
    call: { headers: Readonly<Record<string, string>>; body: Buffer },
  ): Promise<HookNews | undefined>;
}
export const PaymentProvider = extensionPoint<PaymentProvider>('fundraising.PaymentProvider');

declare module 'rostra/plugin' {
  interface EventPayloads {
    /** Lawful money came in and stands in the ledger. */
    'fundraising.donation.accepted': { donationId: string };
    /** Money came in that may not be kept yet, or not at all. */
    'fundraising.donation.held': { donationId: string };
    /** A part or all of it went back: so much, in the smallest unit. */
    'fundraising.donation.refunded': { donationId: string; amountMinor: number };
  }
}
