// Which readers are counted: where the party has it on, the law lets it, and the reader does not mind, or agreed.
import type { Law, Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { ChannelInfo, Counted, Line } from './index.ts';
import type { Due } from './look.ts';
import { insertLinks, keepMeasuring } from './measure.sql.ts';

/** Of the ledger of consents, on the channel of the message. */
export const purpose = 'measure';
const home = '/counted';

type Channel = ChannelInfo['reach'];
/** The reader's last word on it. */
export type Word = 'yes' | 'no' | undefined;
export type Ground = 'consent' | 'law';

/** What a pack may want said in a letter whose reader is counted: it stands in one sentence, with a link to say no. */
const said: readonly unknown[] = ['measure_withdrawal'];

/** On what it rests that they are counted; `undefined`: they are not. Whoever said no is not, whatever the law. */
export function groundOf(
  law: Law,
  channel: Channel,
  country: string | undefined,
  word: Word,
): Ground | undefined {
  if (word === 'no') return undefined;
  const { effect, obligations } = law.decide({
    ...{ capability: 'measure.message', channel, person: country ? { country } : {} },
    met: [...(word === 'yes' ? ['consent.measure'] : []), 'no.objection', 'notice.privacy'],
  });
  const asked = obligations.filter(({ kind }) => kind === 'notice').flatMap(({ value }) => value);
  if (effect === 'deny' || asked.some((notice) => !said.includes(notice))) return undefined;
  return word === 'yes' ? 'consent' : 'law';
}

/** Whether anybody at all could be counted here. */
export const isLawful = (law: Law, channel: Channel): boolean =>
  groundOf(law, channel, undefined, 'yes') !== undefined;

async function isOn(scope: Scope, { settings }: Deps): Promise<boolean> {
  const { countReaders } = await settings.read<{ countReaders?: boolean }>(scope);
  return countReaders === true;
}

/** Each minute, and when a send goes on: what pages of the whole party's site ask. */
export async function renewMeasuring(scope: Scope, deps: Deps): Promise<void> {
  const isCounting = (await isOn(scope, deps)) && isLawful(scope.law, 'email');
  await scope.write((own) => keepMeasuring(own, isCounting));
}

/** Those of a run who are counted. */
export interface Measuring {
  /** Of each its ground, by the words said until now. */
  look(due: readonly Due[]): Promise<Due[]>;
  /** For the message of one who is counted. */
  pathsOf(one: Due): Promise<Counted>;
}

/** `undefined` where nobody is: then nothing is asked of anybody. */
export async function measuringOf(
  scope: Scope,
  deps: Deps,
  { sendId, info, line }: { sendId: string; info: ChannelInfo; line: Line },
): Promise<Measuring | undefined> {
  const { links } = line;
  if (!info.canCount || !links || !(await isOn(scope, deps))) return undefined;
  if (!isLawful(scope.law, info.reach)) return undefined;
  await scope.write(async (own) => {
    await keepMeasuring(own, true);
    await insertLinks(own, sendId, links);
  });
  const grounds = new Map<string, Ground | undefined>();
  const groundIn = (country: string | undefined, word: Word): Ground | undefined => {
    const key = `${country} ${word}`;
    if (!grounds.has(key)) grounds.set(key, groundOf(scope.law, info.reach, country, word));
    return grounds.get(key);
  };
  return {
    async look(due) {
      const ids = due.map(({ personId }) => personId);
      const about = { channel: info.reach, purpose };
      const words = ids.length > 0 ? await deps.consents.last(scope, ids, about) : [];
      const known = new Map(words.map((one) => [one.personId, one]));
      return due.map((one) => {
        const last = known.get(one.personId);
        const ground = groundIn(one.country, last && (last.given ? 'yes' : 'no'));
        return {
          ...one,
          measure: { ground, consentId: ground === 'consent' ? last?.id : undefined },
        };
      });
    },
    async pathsOf({ id, country = '' }) {
      const mark = await deps.seals.seal(scope, ['counted', id, sendId, country].join(':'));
      return {
        openPath: `${home}/${mark}/picture.gif`,
        linkPath: (place) => `${home}/${mark}/${place}`,
      };
    },
  };
}
