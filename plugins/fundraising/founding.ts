// What must hold of a recipient before its gifts can be added up to a cap: the law's currency, and one election.
import { type Citation, type Fault, invalid, type Scope } from 'rostra/plugin';
import { foldElection } from './cap-scope.ts';
import { hasGifts } from './election.sql.ts';
import type { Recipient, RecipientValues } from './recipient.sql.ts';

/** That of the law's own amounts, with where they are written; `undefined` where it sets none. */
export function lawfulCurrency({
  law,
}: Scope): { currency: string; reasons: readonly Citation[] } | undefined {
  const caps = [
    law.rule('money.cap.party'),
    law.rule('money.cap.local_party'),
    law.rule('money.cap.committee'),
    law.rule('money.cap.candidate'),
  ];
  const others = [law.rule('money.cash'), law.rule('money.anonymous'), law.rule('money.disclose')];
  const [first] = [...caps, ...others].flatMap(({ value, reasons }) =>
    value ? [{ currency: value.currency, reasons }] : [],
  );
  return first;
}

/** Throws `invalid`. */
export function demandFounding(scope: Scope, values: RecipientValues): void {
  const lawful = lawfulCurrency(scope);
  const faults = [...electionFaults(values)];
  if (lawful && lawful.currency !== values.currency) {
    const params = { lawful: lawful.currency, source: lawful.reasons[0]?.source ?? '' };
    faults.push({ path: '/currency', message: 'fundraising.fault.recipient-currency', params });
  }
  if (faults.length > 0) throw invalid(faults);
}

/** Throws `invalid`: after the first gift another election would be a cap that starts anew. */
export async function demandElection(
  scope: Scope,
  { id, kind, election = '' }: Recipient,
  values: RecipientValues,
): Promise<void> {
  const faults = electionFaults({ ...values, kind });
  if (faults.length > 0) throw invalid(faults);
  if (foldElection(election) === foldElection(values.election ?? '')) return;
  if (!(await hasGifts(scope, id))) return;
  const message = 'fundraising.fault.election-kept';
  throw invalid([{ path: '/election', message, params: { election } }]);
}

function electionFaults({ kind, election }: Pick<RecipientValues, 'kind' | 'election'>): Fault[] {
  if (kind !== 'candidate' || foldElection(election ?? '') !== '') return [];
  return [{ path: '/election', message: 'fundraising.fault.election' }];
}
