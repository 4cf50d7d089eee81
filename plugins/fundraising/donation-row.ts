// A row of the donations as the code has it: whole numbers, and nothing where the database says null.
import type { Donation } from './donation.sql.ts';

export function donationOf(row: Record<string, unknown>): Donation {
  const filled = Object.entries(row).map(([key, value]) => [key, value ?? undefined]);
  const donation: Donation = Object.fromEntries(filled);
  return {
    ...donation,
    amountMinor: Number(donation.amountMinor),
    refundedMinor: Number(donation.refundedMinor),
    capMinor: donation.capMinor === undefined ? undefined : Number(donation.capMinor),
  };
}
