// What a short answer asks for, under each law's own words.
import test from 'ava';
import { makeApp } from 'rostra/testing';
import { wordsOf } from './answer-rules.ts';
import { type Asked, askedIn, mentionsStop } from './answer-words.ts';

const everywhere: [said: string, asked: Asked | undefined][] = [
  ['STOP', 'stop'],
  ['stop', 'stop'],
  ['  Stop!! ', 'stop'],
  ['"STOP".', 'stop'],
  ['stop stop', 'stop'],
  ['ST0P', 'stop'],
  ['5top', 'stop'],
  ['stopp', 'stop'],
  ['sotp', 'stop'],
  ['STO\u200bP', 'stop'],
  ['ＳＴＯＰ', 'stop'],
  ['S T O P', undefined],
  ['Ne vous arrêtez pas, ne stop pas', undefined],
  ['The bus stop is closed', undefined],
  ['stop the war', undefined],
  ['stpo', 'stop'],
  ['sop', 'stop'],
  ['Top !', undefined],
  ['step', undefined],
  ['shop', undefined],
  ['spot', undefined],
  ['', undefined],
  ['👍', undefined],
  ['<b>STOP</b>', undefined],
  [`STOP${' '.repeat(200)}`, undefined],
];
const own: Record<string, [said: string, asked: Asked | undefined][]> = {
  fr: [
    ['arret', 'stop'],
    ['Arrêt', 'stop'],
    ['ARRÊT.', 'stop'],
    ['aret', 'stop'],
    ['arrett', 'stop'],
    ['désabonnement', 'stop'],
    ['desabonement', 'stop'],
    ['contact', 'help'],
    ['Aide ?', 'help'],
    ['end', 'stop'],
    ['baja', 'stop'],
    ['ABMELDEN', 'stop'],
    ['bajo', undefined],
    ['pasta', undefined],
    ['START', undefined],
    ['arrêtez de mentir', undefined],
  ],
  gb: [
    ['help', 'help'],
    ['HELP?', 'help'],
    ['arret', 'stop'],
    ['aret', undefined],
    ['END', 'stop'],
    ['START', undefined],
  ],
  be: [
    ['arrêt', 'stop'],
    ['stoppen', 'stop'],
    ['afmeldne', 'stop'],
    ['Hilfe', 'help'],
    ['AIDE', 'help'],
  ],
  ca: [
    ['ARRÊT', 'stop'],
    ['aret', 'stop'],
    ['aide', 'help'],
  ],
  'ca-qc': [
    ['arrêt', 'stop'],
    ['stop', 'stop'],
    ['AIDE', 'help'],
  ],
  ch: [
    ['abmelden', 'stop'],
    ['basta', 'stop'],
    ['arret', 'stop'],
    ['aiuto', 'help'],
  ],
  de: [
    ['Abmelden', 'stop'],
    ['abmeldne', 'stop'],
    ['abbestellen!', 'stop'],
    ['Hilfe', 'help'],
    ['bitte nicht stoppen', undefined],
  ],
  es: [
    ['BAJA', 'stop'],
    ['alto', 'stop'],
    ['cancelra', 'stop'],
    ['ayuda', 'help'],
  ],
  it: [
    ['cancella', 'stop'],
    ['disiscrvi', 'stop'],
    ['aiuto', 'help'],
  ],
  in: [
    ['Stop', 'stop'],
    ['help', 'help'],
  ],
  br: [
    ['sair', 'stop'],
    ['SAIRR', 'stop'],
    ['parar', 'stop'],
    ['ajuda', 'help'],
  ],
  au: [
    ['unsubscribe', 'stop'],
    ['help', 'help'],
  ],
  us: [
    ['end', 'stop'],
    ['ends', undefined],
    ['and', undefined],
    ['Opt out', 'stop'],
    ['opt-out', 'stop'],
    ['CANCLE', 'stop'],
    ['unsubscibe', 'stop'],
    ['revoke', 'stop'],
    ['Quit', 'stop'],
    ['info', 'help'],
    ['START', 'back'],
    ['strat', undefined],
    ['unstop', 'back'],
  ],
};

test('under each law, what is said plainly is heard, and a sentence stays one', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us' });
  for (const [law, cases] of Object.entries(own)) {
    const scope = app.scope(await app.chapter(`In ${law}`, law));
    const words = wordsOf(scope);
    const [[shown = ''] = []] = scope.law.rule('messaging.opt_out.shown').each;
    t.is(askedIn(shown, words), 'stop', `${law}: what a text says is heard`);
    for (const [said, asked] of [...everywhere, ...cases]) {
      t.is(askedIn(said, words), asked, `${law}: ${JSON.stringify(said)}`);
    }
  }
});

test('a sentence that speaks of stopping is for staff to look at', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const words = wordsOf(app.scope());
  t.true(mentionsStop('Merci de mettre STOP à ces messages', words));
  t.true(mentionsStop('je veux un arrêt de vos SMS', words));
  t.false(mentionsStop('Je viens demain', words));
});

test('what was typed at leisure is not guessed at', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const words = wordsOf(app.scope());
  const exactly = (said: string) => askedIn(said, words, { isExact: true });
  for (const said of ['STOP', 'Arrêt !', 'Désabonner', 'désinscription.', 'unsubscribe'])
    t.is(exactly(said), 'stop');
  for (const said of ['Top !', 'Stops', 'aret']) t.is(exactly(said), undefined, said);
});
