// A send begins: who gets it is written down, each with the address, the rules and the word of consent it rests on.
import { knownToSender, type ReachAct, type ReachAnswer, type ReachRows } from 'rostra/people';
import type { Reason, Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { Audience, ChannelInfo } from './index.ts';
import { analyzeRecipients, insertRecipients } from './recipient.sql.ts';
import { skipShared } from './recipient-shared.sql.ts';
import { begin } from './selection.ts';
import type { SendRow } from './send.sql.ts';

/** Whoever has a tag is chosen by what is known of them; who subscribed is not. */
export function actOf(
  { reach: channel }: Pick<ChannelInfo, 'reach'>,
  { newsletterId, tagId, declared = [] }: Audience & { declared?: readonly string[] },
): ReachAct {
  if (tagId) return { channel, purpose: 'targeting', tagId, met: declared };
  return { channel, purpose: 'newsletter', ...(newsletterId && { newsletterId }) };
}

/** As if who releases it declared all that only they can know: what of it somebody needs comes as `provided`. */
export function assumedActOf(info: Pick<ChannelInfo, 'reach'>, audience: Audience): ReachAct {
  return actOf(info, { ...audience, declared: knownToSender });
}

/** So many stretches are written at a time. */
const sides = 2;

/** May be cut off and begun anew: nobody is written down twice. Answers whether it may be sent now. */
export async function freeze(
  scope: Scope,
  deps: Deps,
  send: SendRow,
  act: ReachAct,
): Promise<boolean> {
  const stretches = deps.reach.rows(scope, act)[Symbol.asyncIterator]();
  let goesOn = true;
  let written = 0;
  const write = async (rows: ReachRows): Promise<boolean> => {
    const decisions = rows.answers.map(decisionOf);
    return scope.write((own) => insertRecipients(own, send.id, rows, decisions));
  };
  const side = async (): Promise<void> => {
    while (goesOn) {
      const { value: rows, done } = await stretches.next();
      if (done) return;
      const isOpen = await write(rows).catch((error: unknown) => {
        goesOn = false;
        throw error;
      });
      if (!isOpen) goesOn = false;
      written += 1;
    }
  };
  await Promise.all(Array.from({ length: sides }, side));
  if (goesOn && written > 1) await scope.write(analyzeRecipients);
  // A household may have one telephone, which gets it once; an e-mail address is one person's alone.
  if (goesOn && act.channel !== 'email') await scope.write((own) => skipShared(own, send.id));
  return goesOn && scope.write((own) => begin(own, deps, send, act));
}

const decisionOf = ({ reasons }: ReachAnswer): string => reasons.map(ruleOf).join('; ');
const ruleOf = ({ pack, version, rule }: Reason): string => `${pack} ${version} ${rule}`;
