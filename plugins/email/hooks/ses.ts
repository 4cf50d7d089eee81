// What Amazon SES tells of letters, as the message of an SNS call.
// https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html, and of event publishing beside it.
import type { Scope } from 'rostra/plugin';
import { keyIn } from '../bounce-address.ts';
import { withoutAddresses } from '../bounce-report.ts';
import { type Verdict, verdictOf } from '../bounce-words.ts';
import type { Deps } from '../deps.ts';
import type { Feedback } from '../feedback.ts';
import { at, type Json, listAt, parse, textAt } from './json.ts';

/** `undefined` for what is of no letter of ours, or says nothing of it. */
export async function readSes(
  scope: Scope,
  { seals }: Pick<Deps, 'seals'>,
  message: string,
): Promise<Feedback | undefined> {
  const told = parse(message);
  const key = (await keyIn(scope, seals, textAt(told, 'mail', 'source'))) ?? keyOf(told);
  if (!key) return undefined;
  const kind = textAt(told, 'notificationType') || textAt(told, 'eventType');
  const when = (name: string) => ({ key, by: 'ses' as const, at: timeAt(scope, told, name) });
  if (kind === 'Delivery') return { ...when('delivery'), kind: 'delivered' };
  // `not-spam` is a reader's own word too, and the contrary.
  const isComplaint = textAt(told, 'complaint', 'complaintFeedbackType') !== 'not-spam';
  if (kind === 'Complaint') {
    return isComplaint ? { ...when('complaint'), kind: 'complained' } : undefined;
  }
  if (kind !== 'Bounce') return undefined;
  const [reader] = listAt(told, 'bounce', 'bouncedRecipients');
  const detail = withoutAddresses(textAt(reader, 'diagnosticCode'));
  return { ...when('bounce'), kind: 'bounced', ...bounceOf(told, reader), detail };
}

/** SES judges by type and subtype; the code of the far side is told beside it. */
function bounceOf(told: Json, reader: Json): Verdict {
  const isPermanent = textAt(told, 'bounce', 'bounceType') === 'Permanent';
  const subtype = textAt(told, 'bounce', 'bounceSubType');
  const said = verdictOf(textAt(reader, 'status'), textAt(reader, 'diagnosticCode'));
  const known = subtypes[subtype];
  return { why: known ?? said?.why ?? (isPermanent ? 'no-mailbox' : 'other'), isPermanent };
}

const subtypes: Record<string, Verdict['why']> = {
  NoEmail: 'no-mailbox',
  Suppressed: 'no-mailbox',
  OnAccountSuppressionList: 'no-mailbox',
  MailboxFull: 'full',
  ContentRejected: 'unwanted',
};

/** The Message-ID as it was handed over, where SES is told to send the headers along. */
function keyOf(told: Json): string | undefined {
  const header = listAt(told, 'mail', 'headers').find(
    (one) => textAt(one, 'name').toLowerCase() === 'message-id',
  );
  return /^<([0-9a-f-]{36})@/.exec(textAt(header, 'value'))?.[1];
}

function timeAt(scope: Scope, told: Json, name: string): Date {
  const time = new Date(textAt(at(told, name), 'timestamp'));
  return Number.isNaN(time.getTime()) ? scope.now() : time;
}
