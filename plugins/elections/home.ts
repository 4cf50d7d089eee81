// On the admin's home: the silence that is coming, while there is still time to send.
import { type Panel, silenceWords } from 'rostra/plugin';
import type { Deps } from './deps.ts';

const ahead = 14 * 24 * 3600 * 1000;

export function nextPanel(deps: Deps): Panel {
  return {
    slot: 'core.home',
    view: 'next',
    permission: 'elections.election.read',
    order: 5,
    async data(scope) {
      const next = await deps.silence.next(scope);
      if (!next || next.since.getTime() - scope.now().getTime() > ahead) return undefined;
      return { words: silenceWords(scope, next), href: next.windows[0]?.round.href };
    },
  };
}
