// A row of the donations as the code has it: whole numbers, and nothing where the database says null.
import type { Donation } from './donation.sql.ts';
import { fromRow } from './row.ts';

export function donationOf(row: Record<string, unknown>): Donation {
  return fromRow<Donation>(row, ['amountMinor', 'refundedMinor', 'capMinor']);
}
