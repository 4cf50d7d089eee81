// The words of the packs: the sender's law and the reader's, together; and a stop in the words of any other.
import { countryCodes, type Scope } from 'rostra/plugin';
import type { Words } from './opt-out-words.ts';

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
