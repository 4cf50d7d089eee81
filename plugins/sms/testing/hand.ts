// An account is looked at, and messages are handed over: to a far side that is well, and to one that is not.
import type { Mood } from './index.ts';
import { type Check, endOf } from './trial.ts';

const long = 'Réunion publique à la salle du marché, 18 h. '.repeat(8);
const texts = [
  { text: 'Bonjour, c’est nous'.replace('’', "'"), encoding: 'gsm7', parts: 1 },
  { text: 'Prix: dix € [sic] {ok} \\ ~ ^ |', encoding: 'gsm7', parts: 1 },
  { text: `${'a'.repeat(152)}€${'b'.repeat(50)}`, encoding: 'gsm7', parts: 2 },
  { text: long, encoding: 'gsm7', parts: 3 },
  { text: 'Ça ira mieux demain 🌹 "vraiment" & <b>+</b>%\n{{key}}', encoding: 'ucs2', parts: 1 },
  { text: `${'ê'.repeat(66)}🌹${'ê'.repeat(30)}`, encoding: 'ucs2', parts: 2 },
] as const;

const moods: Exclude<Mood, 'well' | 'busy'>[] = ['down', 'silent', 'broken', 'garbled'];

export const handChecks: Check[] = [
  {
    name: 'what it says of itself',
    async run({ gateway, scope, hold }) {
      const { id, name, settings, lanes, perSecond } = await gateway.describe(scope);
      const fields = Object.values(
        (settings['properties'] ?? {}) as Record<string, { type?: string }>,
      );
      hold(/^[a-z][a-z0-9-]{1,39}$/.test(id), `its id "${id}" is no lower-case word`);
      hold(name.length > 0, 'it has no name');
      hold(settings['type'] === 'object', 'its settings are no object');
      hold(
        fields.every(({ type }) => type === 'string'),
        'a setting is no text',
      );
      hold(lanes >= 1 && perSecond >= 1, 'nothing would ever leave');
    },
  },
  {
    name: 'an account that is filled in',
    async run({ gateway, scope, account, wrongAccounts, hold }) {
      const end = await endOf(gateway.check(scope, account));
      hold(end === undefined, `one that works is refused with ${end}`);
      for (const [at, wrong] of wrongAccounts.entries()) {
        const no = await endOf(gateway.check(scope, wrong));
        hold(no === 'core.invalid', `the wrong one number ${at + 1} ends in ${no}, not in invalid`);
      }
    },
  },
  {
    name: 'a message',
    async run({ line, hand, far, hold }) {
      const open = await line();
      const references = new Set<string>();
      for (const one of texts) {
        const before = far.taken.length;
        const handed = await hand(open, one);
        hold(handed.state === 'accepted', `it is ${handed.state}: ${handed.answer}`);
        hold(!!handed.reference && !references.has(handed.reference), 'it has no id of its own');
        references.add(handed.reference ?? '');
        const [got, more] = far.taken.slice(before);
        hold(got !== undefined && more === undefined, 'it is there not once');
        hold(got?.text === one.text, `"${one.text}" arrives as "${got?.text}"`);
        hold(got?.to === '+33612345678', `it goes to ${got?.to}`);
        hold(got?.from === '+33700000001', `it is from ${got?.from}`);
      }
    },
  },
  {
    name: 'many at once',
    async run({ line, hand, far, hold }) {
      const open = await line();
      const before = far.taken.length;
      const handed = await Promise.all(Array.from({ length: 40 }, () => hand(open)));
      hold(
        handed.every(({ state }) => state === 'accepted'),
        'one is not taken',
      );
      const texts = new Set(far.taken.slice(before).map(({ text }) => text));
      hold(texts.size === 40, `${texts.size} of 40 are there`);
    },
  },
  {
    name: 'a number that is refused',
    async run({ line, hand, far, hold }) {
      const { state, answer } = await hand(await line(), { to: far.refusedNumber });
      hold(state === 'refused', `it is ${state}`);
      hold(!answer.includes(far.refusedNumber.slice(1)), 'its answer holds the number');
    },
  },
  {
    name: 'a far side that is busy',
    async run({ line, hand, far, hold }) {
      const open = await line();
      far.become('busy');
      const { state } = await hand(open);
      hold(state === 'later', `it is ${state}, not later`);
      far.become('well');
      const again = await hand(open);
      hold(again.state === 'accepted', `after that it is ${again.state}`);
    },
  },
  ...moods.map(
    (mood): Check => ({
      name: `a far side that is ${mood}`,
      async run({ line, hand, far, hold }) {
        const open = await line();
        const before = far.taken.length;
        far.become(mood);
        const { state } = await hand(open, {}, 1_500);
        const isThere = far.taken.length > before;
        hold(state !== 'accepted', 'it is accepted by nobody');
        hold(state === 'unknown' || !isThere, `it is ${state}, and was taken`);
        far.become('well');
        const again = await hand(open);
        const fresh = again.state === 'accepted' ? again : await hand(await line());
        hold(fresh.state === 'accepted', `well again, it is ${fresh.state}: ${fresh.answer}`);
      },
    }),
  ),
  {
    name: 'one that is cut',
    async run({ line, hand, far, hold }) {
      const open = await line();
      far.become('silent');
      const { state } = await hand(open, {}, 100);
      hold(state === 'unknown', `it is ${state}, not unknown`);
    },
  },
];
