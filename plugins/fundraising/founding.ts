// What must hold of a recipient before its gifts can be added up to a cap: the law's currency, one election, its region.
import { type Citation, type Fault, invalid, type Scope } from 'rostra/plugin';
import { foldElection } from './cap-scope.ts';
import { hasGifts, moveToRegion } from './election.sql.ts';
import type { Recipient, RecipientKind, RecipientValues } from './recipient.sql.ts';

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
  const faults = [...electionFaults(values), ...regionFaults(scope, values)];
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

/** Of which kinds the law adds up what the committees of one region take; where it is written. */
export function regionalKinds({ law }: Scope): { kinds: RecipientKind[]; source: string } {
  const caps = {
    party: law.rule('money.cap.party'),
    local_party: law.rule('money.cap.local_party'),
    committee: law.rule('money.cap.committee'),
    candidate: law.rule('money.cap.candidate'),
  };
  const all = Object.keys(caps) as RecipientKind[];
  const kinds = all.filter((kind) => caps[kind].value?.across === 'region');
  const [first] = kinds;
  return { kinds, source: (first && caps[first].reasons[0]?.source) ?? '' };
}

/** Throws `invalid`: after the first gift another region would be a cap that starts anew. One that said none yet says it once. */
export async function demandRegion(
  scope: Scope,
  { id, kind, region }: Recipient,
  values: RecipientValues,
): Promise<void> {
  const faults = regionFaults(scope, { ...values, kind });
  if (faults.length > 0) throw invalid(faults);
  if (region === values.region || !regionalKinds(scope).kinds.includes(kind)) return;
  if (!region && values.region) return moveToRegion(scope, id, values.region);
  if (!(await hasGifts(scope, id))) return;
  const message = 'fundraising.fault.region-kept';
  throw invalid([{ path: '/region', message, params: { region } }]);
}

function regionFaults(
  scope: Scope,
  { kind, region }: Pick<RecipientValues, 'kind' | 'region'>,
): Fault[] {
  const { kinds, source } = regionalKinds(scope);
  if (region ? /^[A-Z\d]{2,3}$/.test(region) : !kinds.includes(kind)) return [];
  const message = region ? 'fundraising.fault.region-form' : 'fundraising.fault.region-asked';
  return [{ path: '/region', message, params: { source } }];
}
