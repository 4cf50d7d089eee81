// Fin'Pol, the service of the CNCCFP: one TSV on the party's agent, one with a line an operation.
//
// UNCERTAIN. The columns and their order follow the order of 2014 on decree 90-606, art. 11; that of 14 August 2023, which
// replaces it, speaks of one file, and its list was not at hand. Heads, date, decimal mark and the words for the means of
// payment are ours. Check them against the CNCCFP's notice before filing: the screen and the README say so too.
import { nameOf } from '../identity.ts';
import type { DonationLine } from '../line.ts';
import { type Cell, type Column, keptOf, type Lines, type Sheet } from './sheet.ts';

export interface Agent {
  /** That the Commission gave. */
  registerNumber: string | undefined;
  name: string;
  address: string;
  phoneNumber: string | undefined;
  emailAddress: string | undefined;
}

const head = (name: string, kind: Column['kind'] = 'text'): Column => ({
  label: `fundraising.list.finpol.${name}`,
  kind,
});

export function finpolAgent(agent: Agent, currency: string): Sheet {
  const { registerNumber, name, address, phoneNumber, emailAddress } = agent;
  return {
    columns: ['agent-number', 'agent-name', 'agent-address', 'agent-phone', 'agent-email'].map(
      (column) => head(column),
    ),
    currency,
    rows: one([registerNumber, name, address, phoneNumber, emailAddress]),
  };
}

async function* one(row: readonly Cell[]): AsyncIterable<readonly Cell[]> {
  yield row;
}

/** What the agent kept: of a gift that went back in part, the rest; one that went back whole is left out. */
export function finpol(lines: Lines, currency: string): Sheet {
  return {
    columns: [
      ...['record', 'method'].map((name) => head(name)),
      head('day', 'day'),
      ...['donor', 'civility', 'given-name', 'family-name', 'mandate', 'address'].map((name) =>
        head(name),
      ),
      ...['locality', 'postcode', 'country', 'currency'].map((name) => head(name)),
      head('amount', 'amount'),
      ...['statement', 'slip'].map((name) => head(name)),
    ],
    currency,
    rows: operations(lines),
  };
}

async function* operations(lines: Lines): AsyncIterable<readonly Cell[]> {
  for await (const line of lines) {
    if (keptOf(line) > 0) yield operation(line);
  }
}

function operation(line: DonationLine): readonly Cell[] {
  const { identity, donorId, method, currency } = line;
  const { address = {} } = identity;
  return [
    line.id,
    { word: `fundraising.list.finpol.method.${method}` },
    line.givenOn,
    donorId,
    identity.civility,
    identity.givenName,
    identity.familyName ?? nameOf(identity),
    identity.mandate,
    [address.line1, address.line2].filter(Boolean).join(' '),
    address.locality,
    address.postcode,
    address.country,
    currency,
    keptOf(line),
    line.statementReference,
    line.depositSlip,
  ];
}
