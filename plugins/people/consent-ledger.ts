// `rostra ledger`: the chain of an organization's consents as a file, to be shown and verified without this program.
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command, Scope } from 'rostra/plugin';
import { findChainEnds } from './consent-chain.sql.ts';
import { beginning, sealedRows, sealedText, verifyChains } from './consent-chain.ts';

export function ledgerCommand(): Command {
  return {
    usage: 'ledger <file>',
    summary: 'people.command.ledger',
    async run(scope, [file = ''], _, terminal) {
      const count = { rows: 0, end: '–' };
      await pipeline(
        Readable.from(ledgerLines(scope, count)),
        createWriteStream(file, { mode: 0o600 }),
      );
      terminal.print(scope.t('people.command.ledger.written', { file, ...count }));
      const faults = await verifyChains(scope);
      for (const fault of faults) terminal.print(fault);
      if (faults.length > 0) process.exitCode = 1;
    },
  };
}

/** A line a consent: `hash` is the SHA-256 of the bytes of `previous` and then of `text`. Nothing in it is personal. */
async function* ledgerLines(
  scope: Scope,
  count: { rows: number; end: string },
): AsyncIterable<string> {
  const ends = await findChainEnds(scope);
  let last = { chain: '', hash: Buffer.alloc(0) as Buffer };
  for await (const row of sealedRows(scope)) {
    if (row.chain !== last.chain) last = beginning(row.chain, ends);
    const { chain, position } = row;
    const [previous, hash] = [last.hash.toString('hex'), row.hash.toString('hex')];
    yield `${JSON.stringify({ chain, position, previous, text: sealedText(row), hash })}\n`;
    last = row;
    count.rows += 1;
    count.end = hash;
  }
}
