// Amounts as they are typed: read back they are what was written, and what could be read two ways is asked again.
import test from 'ava';
import fc from 'fast-check';
import { digitsOf, readMoney, typeMoney, writeMoney } from './money.ts';

const currencies = ['JPY', 'XPF', 'EUR', 'USD', 'KWD', 'TND'];

test('what a form is filled with is read back as the same amount', (t) => {
  t.deepEqual(currencies.map(digitsOf), [0, 0, 2, 2, 3, 3]);
  const small = fc.integer({ min: 1, max: 2_000_000 });
  const amounts = fc.oneof(small, fc.integer({ min: 1, max: 1_000_000_000_00 }));
  fc.assert(
    fc.property(amounts, fc.constantFrom(...currencies), (minor, currency) => {
      t.is(readMoney(writeMoney(minor, currency), currency), minor);
      for (const locale of ['en', 'fr']) {
        t.is(readMoney(typeMoney({ locale }, minor, currency), currency), minor);
      }
    }),
  );
});

test('a French form shows a decimal comma', (t) => {
  t.is(typeMoney({ locale: 'fr' }, 123_450, 'EUR'), '1234,50');
  t.is(typeMoney({ locale: 'en' }, 123_450, 'EUR'), '1234.50');
});

const told: [typed: string, currency: string, minor: number | undefined][] = [
  ['1.500', 'KWD', 1_500],
  ['1,500', 'KWD', 1_500],
  ['1,500.250', 'KWD', 1_500_250],
  ['1.234.567', 'KWD', 1_234_567_000],
  ['0.500', 'KWD', 500],
  ['1.5', 'KWD', 1_500],
  ['1.500', 'EUR', 150_000],
  ['1 234,50', 'EUR', 123_450],
  ['1,234.50', 'EUR', 123_450],
  ['1.234.567,8', 'EUR', 123_456_780],
  ['€20', 'EUR', 2_000],
  ['25', 'EUR', 2_500],
  ['0,50', 'EUR', 50],
  ['0.500', 'EUR', undefined],
  ['0,500.00', 'EUR', undefined],
  ['1.234.50', 'EUR', undefined],
  ['1,234.567', 'EUR', undefined],
  ['1.2345', 'EUR', undefined],
  ['12.34.56', 'EUR', undefined],
  ['0', 'EUR', undefined],
  ['-5', 'EUR', undefined],
  ['1.500', 'JPY', 1_500],
  ['1.5', 'JPY', undefined],
];

for (const [typed, currency, minor] of told) {
  test(`${typed} in ${currency} is ${minor === undefined ? 'no amount' : minor}`, (t) => {
    t.is(readMoney(typed, currency), minor);
  });
}
