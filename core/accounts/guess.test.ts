// What a stranger tries first is no password; what nobody would put together is.
import test from 'ava';
import { isGuessable } from './guess.ts';

const about = ['Parti de l’Exemple', 'ada.lovelace@parti.example', 'Ada Lovelace'];

test('common words, rows of keys, repetitions, years and what everybody knows of the person make no password', (t) => {
  const tried = [
    ...['passwordpassword', 'Password123456', 'P@ssw0rd2026!', 'motdepasse2026', 'MotDePasse!!!!'],
    ...[
      'aaaaaaaaaaaa',
      'abcabcabcabc',
      '123412341234',
      'abcdefghijklm',
      'qwertyuiop123',
      'azertyuiop123',
    ],
    ...[
      '098765432109',
      '1qaz2wsx3edc',
      'iloveyou1234',
      'Welcome2026!!',
      'bienvenue2026',
      'xK7xK7xK7xK7',
    ],
    ...[
      'rostra-rostra',
      'Rostra2026!?',
      'PartiDeLExemple',
      'exemple-2026-',
      'ada.lovelace',
      'lovelace1815!',
    ],
    ...['   password   1 ', 'ÉLÉCTIONS2027', 'l0vel4ce!l0vel4ce'],
  ];
  t.deepEqual(
    tried.filter((one) => !isGuessable(one, about)),
    [],
  );
});

test('words that do not belong together, and what a manager of passwords makes, are taken', (t) => {
  const good = [
    ...['correct horse battery', 'quatre mots sans rapport', 'four unrelated words'],
    ...['a phrase of my own', 'héron marais lanterne', 'soleil football dragon monkey'],
    ...[
      'vT9#kq!Lw2zR',
      'x7$#-.!?&%9K',
      'gqnwuztbhmrk',
      '8f3c1e9a7b2d',
      'тихая река утром',
      '静かな川の朝の光と風の音',
    ],
  ];
  t.deepEqual(
    good.filter((one) => isGuessable(one, about)),
    [],
  );
});

test('the longest that is taken is looked at in no time', (t) => {
  t.true(isGuessable('password'.repeat(25)));
  t.false(isGuessable('vT9#kq!Lw2zR'.repeat(16)));
});
