// Where the addresses of a channel stand, and which of somebody's is used: the same wherever it is asked.
import { kindOf } from './consent.ts';
import type { ReachAct } from './index.ts';

/** Of a row `w` of telephone numbers; of one that nobody has read yet it is hoped. */
export const takesTexts = `w.line is distinct from 'fixed'`;

/** Conditions and orders are of a row `w`; `isOpen` holds beside its status and its suppressions. */
export function usedOn({ channel }: Pick<ReachAct, 'channel'>) {
  if (kindOf(channel) === 'email') return mailbox;
  // By text first to what is surely a mobile.
  const first = `w.line is not distinct from 'mobile' desc, w.id`;
  return channel === 'sms' ? { ...telephone, first, isOpen: takesTexts } : telephone;
}

const mailbox = {
  kind: 'email',
  table: 'email_address',
  column: 'address',
  field: 'emailAddress',
  first: 'w.is_primary desc, w.id',
  isOpen: 'true',
} as const;
const telephone = {
  kind: 'phone',
  table: 'phone_number',
  column: 'number',
  field: 'phoneNumber',
  first: 'w.id',
  isOpen: 'true',
} as const;
