// In whose name letters are: the newsletter's own, else the organization's; where answers go.
import { invalid, type MailSender, notFound, type Scope, type Seals, Type } from 'rostra/plugin';
import { markedAddress } from './bounce-address.ts';
import type { EmailSettings } from './bounce-mailbox.ts';
import type { Deps } from './deps.ts';
import { findSender, insertSender, type Sender } from './sender.sql.ts';

const address = Type.Optional(Type.String({ format: 'email', maxLength: 254 }));
export const SenderForm = Type.Object({
  name: Type.Optional(Type.String({ maxLength: 100 })),
  address,
  replyTo: address,
});
const unset: Sender = { name: '', address: '', replyTo: '' };

/** What was set for the newsletter; empty is the organization's. */
export async function ownSender(scope: Scope, newsletterId: string): Promise<Sender> {
  return (await findSender(scope, newsletterId)) ?? unset;
}

/** `answersAt`: answers come to a mailbox that is read here; each letter has an address of its own made from it. */
export interface LetterSender extends MailSender {
  answersAt?: string;
}

/** Of a letter that `key` names to the outside: where answers come here, it has an address of its own. */
export async function answeredAt(
  scope: Scope,
  { settings, seals }: Pick<Deps, 'settings' | 'seals'>,
  of: { key: string; newsletterId: string | undefined; base: MailSender },
): Promise<MailSender> {
  const set = await settings.read<EmailSettings>(scope);
  return letterSender(scope, seals, await senderFor(scope, of.newsletterId, of.base, set), of.key);
}

/** Of one letter: where answers come here, with an address of its own. */
export async function letterSender(
  scope: Scope,
  seals: Seals,
  { answersAt, ...sender }: LetterSender,
  key: string,
): Promise<MailSender> {
  if (!answersAt) return sender;
  const replyTo = await markedAddress(scope, seals, answersAt, key);
  return { ...sender, replyTo: named(sender.from.name, replyTo) };
}

/**
 * `base`: the organization's. An address that is no longer on its domain is answered at, and not written from: what the
 * domain does not vouch for is thrown away (DMARC, RFC 7489).
 */
export async function senderFor(
  scope: Scope,
  newsletterId: string | undefined,
  base: MailSender,
  { answersAddress }: { answersAddress?: string | undefined } = {},
): Promise<LetterSender> {
  const own = newsletterId === undefined ? unset : await ownSender(scope, newsletterId);
  const mayWrite = own.address !== '' && isOn(own.address, base.from.address);
  const from = {
    name: own.name || base.from.name,
    address: mayWrite ? own.address : base.from.address,
  };
  // Whoever named a mailbox for this newsletter reads it there.
  if (answersAddress && !own.replyTo) {
    return { from, replyTo: answersAddress, answersAt: answersAddress };
  }
  // What answers the newsletter's own address does not go to the party's instead.
  const replyTo = own.replyTo || (mayWrite ? undefined : own.address || base.replyTo);
  return { from, ...(replyTo && { replyTo }) };
}

/** Throws `invalid` for an address on another domain than the organization's letters leave from. */
export async function keepSender(
  scope: Scope,
  deps: Deps,
  newsletterId: string,
  { name = '', address: own = '', replyTo = '' }: Partial<Sender>,
): Promise<void> {
  const newsletters = await deps.outreach.newsletters(scope);
  if (!newsletters.some(({ id }) => id === newsletterId)) {
    throw notFound('newsletter', newsletterId);
  }
  const base = await deps.way.sender(scope);
  const sender = { name: oneLine(name), address: own.trim(), replyTo: replyTo.trim() };
  if (sender.address && (!base || !isOn(sender.address, base.from.address))) {
    const domain = base ? domainOf(base.from.address) : '';
    const message = base ? 'email.fault.domain' : 'email.fault.no-sender';
    throw invalid([{ path: '/address', message, params: { domain } }]);
  }
  await scope.write(async (within) => {
    await insertSender(within, newsletterId, sender);
    await deps.audit.record(within, {
      act: 'sender.changed',
      subject: { type: 'newsletter', id: newsletterId },
    });
  });
}

/** It stands in the head of a letter. */
const oneLine = (words: string): string => words.replace(/[\p{Cc}\s]+/gu, ' ').trim();

/** As it stands in the head of a letter. */
const named = (name: string, address: string): string =>
  `"${oneLine(name).replace(/["\\]/g, '')}" <${address}>`;

export const domainOf = (mailbox: string): string =>
  mailbox.slice(mailbox.lastIndexOf('@') + 1).toLowerCase();

const isOn = (one: string, other: string): boolean => domainOf(one) === domainOf(other);
