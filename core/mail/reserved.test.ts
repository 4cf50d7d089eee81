import test from 'ava';
import { isLoopback, isReserved } from './reserved.ts';

test('what is kept for examples and tests is told from what is not', (t) => {
  const reserved = [
    'example.org',
    'mail.Example.COM',
    'parti.example',
    'x.test',
    'a.invalid',
    'localhost',
    'example.net.',
  ];
  const real = ['example.fr', 'notexample.org', 'example.org.fr', 'test.fr', 'contest', 'parti.fr'];
  t.deepEqual(
    reserved.filter((domain) => !isReserved(`zoe@${domain}`)),
    [],
  );
  t.deepEqual(
    real.filter((domain) => isReserved(`zoe@${domain}`)),
    [],
  );
});

test('a mail server on this machine is known by its name', (t) => {
  const here = [
    'smtp://127.0.0.1:25',
    'smtps://user:pass@localhost',
    'smtp://[::1]:2525',
    'smtp://127.9.9.9',
  ];
  const elsewhere = [
    'smtp://mail.example.org',
    'smtp://127.0.0.1.nip.io',
    'smtp://10.0.0.1',
    'smtp://localhost.party.fr',
  ];
  t.deepEqual(
    here.filter((url) => !isLoopback(url)),
    [],
  );
  t.deepEqual(
    elsewhere.filter((url) => isLoopback(url)),
    [],
  );
});
