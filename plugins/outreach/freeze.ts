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

const slice = 1_000;
/** So many slices at a time: one is looked up while another is written. */
const sides = 2;

/** May be cut off and begun anew: nobody is written down twice. Answers whether it may be sent now. */
export async function freeze(
  scope: Scope,
  deps: Deps,
  send: SendRow,
  act: ReachAct,
): Promise<boolean> {
  const ruled = ruling();
  const write = async (ids: readonly string[]): Promise<void> => {
    const reached = await deps.reach.among(scope, ids, act);
    const many = reached.flatMap((one) => recipientOf(scope, one, ruled));
    await scope.write((own) => insertRecipients(own, send.id, many));
  };
  for await (const ids of deps.reach.people(scope, act)) {
    const left = slicesOf(ids);
    const side = async (): Promise<void> => {
      for (let ids = left.shift(); ids; ids = left.shift()) await write(ids);
    };
    await Promise.all(Array.from({ length: sides }, side));
  }
  return scope.write((own) => freezeSend(own, send.id));
}

function slicesOf(ids: readonly string[]): string[][] {
  const count = Math.ceil(ids.length / slice);
  return Array.from({ length: count }, (_, at) => ids.slice(at * slice, (at + 1) * slice));
}

function recipientOf(
  scope: Scope,
  one: Reached,
  ruled: (reasons: readonly Reason[]) => string,
): NewRecipient[] {
  const { personId, address, answer, isDirect, consentId } = one;
  if (!answer.may || address === undefined) return [];
  const decision = ruled(answer.reasons);
  const locale = one.locale ?? scope.locale;
  return [{ personId, address, locale, isDirect, decision, consentId: consentId ?? null }];
}

/** Many answers are one and the same: their words are made once. */
function ruling() {
  const known = new Map<readonly Reason[], string>();
  return (reasons: readonly Reason[]): string => {
    const words = known.get(reasons) ?? reasons.map(ruleOf).join('; ');
    known.set(reasons, words);
    return words;
  };
}

const ruleOf = ({ pack, version, rule }: Reason): string => `${pack} ${version} ${rule}`;
