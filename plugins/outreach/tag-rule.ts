// Tags by rule: an answer that holds one of the words puts the tag on who wrote it, unless they objected or the law says no.
import { type Fault, invalid, notFound, refused, type Scope } from 'rostra/plugin';
import { kinds } from './answer-gate.ts';
import { askedIn, type Words } from './answer-words.ts';
import type { Deps } from './deps.ts';
import type { Answer } from './index.ts';
import { findSend } from './send.sql.ts';
import {
  countTagRule,
  deleteTagRule,
  findTagRules,
  insertTagRule,
  type TagRule,
} from './tag-rule.sql.ts';

export const wordsMost = 20;
const rulesMost = 100;

/** Without case, accents and signs: so that one whole word is found in another text. */
export function folded(text: string): string {
  const plain = text.normalize('NFKD').replace(/[\p{M}\p{Cf}]+/gu, '');
  return plain
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

export function holdsOne(text: string, words: readonly string[]): boolean {
  const said = ` ${folded(text.slice(0, 2000))} `;
  return words.some((word) => said.includes(` ${folded(word)} `));
}

/** In the transaction in which the answer counts as acted on. */
export async function tagByRules(scope: Scope, deps: Deps, answer: Answer): Promise<void> {
  const { personId, channel, text, sendId, href } = answer;
  const rules = (await findTagRules(scope)).filter(
    (rule) => (rule.sendId === null || rule.sendId === sendId) && holdsOne(text, rule.words),
  );
  if (rules.length === 0) return;
  const isUnwanted = await isStopped(scope, deps, answer);
  for (const { id, tag } of rules) {
    const said = { personId, tag, source: `${channel}.answer` };
    const end = isUnwanted ? 'objected' : await deps.tags.put(scope, said);
    if (end === 'objected' || end === 'unlawful') await countTagRule(scope, id, 'kept_off');
    if (end !== 'tagged') continue;
    await countTagRule(scope, id, 'put');
    const kind = 'outreach.timeline.tagged';
    await deps.people.note(scope, personId, { kind, params: { tag }, href });
  }
}

async function isStopped(scope: Scope, deps: Deps, answer: Answer): Promise<boolean> {
  if (answer.isStopped) return true;
  return deps.consents.isSuppressedForGood(scope, kinds[answer.channel], answer.address);
}

/** `words`: as staff typed them, a comma or a line between two. Throws `invalid` with a fault a field. */
export async function addTagRule(
  scope: Scope,
  deps: Deps,
  typed: { words: string; tag: string; sendId: string | undefined },
  taken: Words,
): Promise<void> {
  const words = wordsIn(typed.words);
  const tag = typed.tag.normalize('NFC').replace(/\s+/g, ' ').trim();
  const faults = faultsIn(words, taken);
  if (faults.length > 0) throw invalid(faults);
  const send = typed.sendId && (await findSend(scope, typed.sendId));
  const isOwn = send && send.organizationId === scope.organization.id;
  if (typed.sendId && !isOwn) throw invalid([{ path: '/of', message: 'outreach.rules.fault.of' }]);
  await scope.write(async (own) => {
    if ((await findTagRules(own)).length >= rulesMost) throw refused('outreach.rules-full', {});
    const id = await insertTagRule(own, { words, tag, sendId: typed.sendId ?? null });
    await record(own, deps, 'tag-rule.added', { id, words, tag });
  });
}

export function removeTagRule(scope: Scope, deps: Deps, id: string): Promise<void> {
  return scope.write(async (own) => {
    const rule = (await findTagRules(own)).find((one) => one.id === id);
    if (!rule || !(await deleteTagRule(own, id))) throw notFound('rule', id);
    await record(own, deps, 'tag-rule.removed', rule);
  });
}

function record(
  scope: Scope,
  deps: Deps,
  act: string,
  { id, words, tag }: Pick<TagRule, 'id' | 'words' | 'tag'>,
): Promise<void> {
  const subject = { type: 'tag-rule', id };
  return deps.audit.record(scope, { act, subject, details: { words: words.join(', '), tag } });
}

const wordsIn = (typed: string): string[] => [
  ...new Set(
    typed
      .split(/[,;\n]+/)
      .map((word) => word.replace(/\s+/g, ' ').trim())
      .filter((word) => word !== ''),
  ),
];

function faultsIn(words: readonly string[], heard: Words): Fault[] {
  const fault = (message: string, params = {}) => [
    { path: '/words', message: `outreach.rules.fault.${message}`, params },
  ];
  if (words.length === 0) return fault('words');
  if (words.length > wordsMost) return fault('many', { most: wordsMost });
  const odd = words.find((word) => folded(word) === '' || word.length > 60);
  if (odd !== undefined) return fault('odd', { word: odd });
  // What ends messages, or asks who writes, is heard as that alone.
  const taken = words.find((word) => askedIn(word, heard) !== undefined);
  return taken === undefined ? [] : fault('taken', { word: taken });
}
