// What is read out of an answer, whichever way it came: what its words ask for, and the tags that rules put for them.
import { countryCodes, type Scope } from 'rostra/plugin';
import { heldUntil, mayAnswer } from './answer-gate.ts';
import { askedIn, mentionsStop, type Words } from './answer-words.ts';
import type { Deps } from './deps.ts';
import type { AnswerRules } from './index.ts';
import { tagByRules } from './tag-rule.ts';

export const makeAnswerRules = (deps: Deps): AnswerRules => ({
  async hear(scope, text, { country, isExact = false } = {}) {
    const words = wordsOf(scope, country);
    const asked = askedIn(text, words, { isExact });
    if (asked) return { asked, mentionsStop: false };
    return { mentionsStop: mentionsStop(text, words) };
  },
  act: (scope, answer) => tagByRules(scope, deps, answer),
  may: (scope, asker) => mayAnswer(scope, deps, asker),
  held: (scope, asker) => heldUntil(scope, deps, asker),
});

/** The sender's law and the reader's, together; and a stop in the words of any other. */
export function wordsOf({ law }: Scope, country?: string): Words {
  const asked = { ...(country && { person: { country } }) };
  const abroad = countryCodes().flatMap((code) => {
    const there = law.rule('messaging.opt_out', { person: { country: code } });
    return there.value ?? [];
  });
  return {
    stop: law.rule('messaging.opt_out', asked).value ?? [],
    abroad: [...new Set(abroad)],
    help: law.rule('messaging.help', asked).value ?? [],
    // Only the sender's own law gives it: a word taken back must be lawful where it is heard.
    back: law.rule('messaging.opt_back').value ?? [],
  };
}
