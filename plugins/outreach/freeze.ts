// A send begins: who gets it is written down, each with the address, the rules and the word of consent it rests on.
import type { ReachAct, Reached } from 'rostra/people';
import type { Reason, Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { ChannelInfo } from './index.ts';
import { insertRecipients, type NewRecipient } from './recipient.sql.ts';
import { freezeSend, type SendRow } from './send.sql.ts';

export function actOf({ reach }: ChannelInfo, newsletterId: string): ReachAct {
  return { channel: reach, purpose: 'newsletter', newsletterId };
}

const slice = 2_000;

/** May be cut off and begun anew: nobody is written down twice. Answers whether it may be sent now. */
export async function freeze(
  scope: Scope,
  deps: Deps,
  send: SendRow,
  act: ReachAct,
): Promise<boolean> {
  for await (const ids of deps.reach.people(scope, act)) {
    for (let from = 0; from < ids.length; from += slice) {
      const reached = await deps.reach.among(scope, ids.slice(from, from + slice), act);
      const many = reached.flatMap((one) => recipientOf(scope, one));
      await scope.write((own) => insertRecipients(own, send.id, many));
    }
  }
  return scope.write((own) => freezeSend(own, send.id));
}

function recipientOf(scope: Scope, one: Reached): NewRecipient[] {
  const { personId, address, answer, isDirect, consentId } = one;
  if (!answer.may || address === undefined) return [];
  const decision = answer.reasons.map(ruleOf).join('; ');
  const locale = one.locale ?? scope.locale;
  return [{ personId, address, locale, isDirect, decision, consentId: consentId ?? null }];
}

const ruleOf = ({ pack, version, rule }: Reason): string => `${pack} ${version} ${rule}`;
