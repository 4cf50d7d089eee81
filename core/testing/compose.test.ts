// What Docker is told: every name in it is one that Rostra reads, and the image holds what the program needs.
import test from 'ava';
import { filesOf, read } from './tree.ts';

const compose = read('compose.yaml');
const dockerfile = read('Dockerfile');
const lines = compose.split('\n').filter((line) => !/^\s*#/.test(line));

/** Lines of `x-rostra` and of one service, by their indentation. */
function blockOf(start: RegExp, indent: number): string[] {
  const from = lines.findIndex((line) => start.test(line));
  const length = lines
    .slice(from + 1)
    .findIndex((line) => line.trim() !== '' && line.search(/\S/) <= indent);
  return lines.slice(from, length < 0 ? undefined : from + 1 + length);
}

const shared = blockOf(/^x-rostra:/, 0).join('\n');
const app = blockOf(/^ {2}app:/, 2).join('\n');
const worker = blockOf(/^ {2}worker:/, 2).join('\n');

test('compose.yaml gives Rostra only what Rostra reads', (t) => {
  const config = read('core/config.ts');
  const names = `${shared}\n${app}\n${worker}`
    .match(/^ +([A-Z_]{4,}):/gm)
    ?.map((one) => one.trim());
  const unread = names?.filter(
    (name) => !new RegExp(`\\b${name.replace(':', '')}\\b`).test(config),
  );
  t.true((names?.length ?? 0) >= 8);
  t.deepEqual(unread, []);
  const ofImage = [...dockerfile.matchAll(/\b(ROSTRA_\w+|HOST|PORT)=/g)].map(
    ([, name = '']) => name,
  );
  t.deepEqual(
    ofImage.filter((name) => !config.includes(name)),
    [],
  );
});

test('what stands in .env is explained, and no secret stands in compose.yaml', (t) => {
  const asked = new Set([...compose.matchAll(/\$\{([A-Z_]+)/g)].map(([, name = '']) => name));
  t.deepEqual(
    [...asked].filter((name) => !new RegExp(`^# {3}${name} `, 'm').test(compose)),
    [],
  );
  for (const name of ['ROSTRA_SECRET', 'POSTGRES_PASSWORD']) {
    const given = lines.filter((line) => line.includes(`${name}:`));
    t.true(given.length > 0 && given.every((line) => line.includes(`\${${name}:?`)), name);
  }
});

test('web and worker are apart, wait for the database, and believe Caddy alone', (t) => {
  t.regex(app, /ROSTRA_ROLE: web/);
  t.regex(worker, /ROSTRA_ROLE: worker/);
  t.regex(shared, /database:\n +condition: service_healthy/);
  const caddy = blockOf(/^ {2}caddy:/, 2).join('\n');
  const [, address] = /ipv4_address: (\S+)/.exec(caddy) ?? [];
  t.truthy(address);
  t.true(shared.includes(`ROSTRA_TRUSTED_PROXIES: ${address}`));
  t.regex(blockOf(/^ {2}database:/, 2).join('\n'), /image: postgres:18\n[^]*pg_isready/);
});

test('a volume that is named is declared, and lies where the image writes', (t) => {
  const declared = blockOf(/^volumes:/, 0).join('\n');
  const named = [...compose.matchAll(/^ +- ([a-z]+):\//gm)].map(([, name = '']) => name);
  t.deepEqual(
    named.filter((name) => !new RegExp(`^ {2}${name}:`, 'm').test(declared)),
    [],
  );
  const [, written = ''] = /^VOLUME \[(.*)\]/m.exec(dockerfile) ?? [];
  for (const folder of ['/data', '/backups']) {
    t.true(shared.includes(`:${folder}\n`) && written.includes(`"${folder}"`), folder);
  }
});

test('the image holds every folder that the program runs from, and no test', (t) => {
  const tops = new Set(filesOf(/\.(ts|mjs|eta)$/).map((file) => file.split('/')[0] ?? ''));
  const copied = [...dockerfile.matchAll(/^COPY (\w+) \1$/gm)].map(([, name]) => name);
  const ignored = read('.dockerignore').split('\n');
  t.deepEqual(copied.sort(), [...tops].filter((top) => !ignored.includes(top)).sort());
  t.true(ignored.includes('core/testing') && ignored.includes('**/*.test.ts'));
  t.regex(dockerfile, /npm ci --omit=dev --ignore-scripts/);
  const user = dockerfile.indexOf('\nUSER node');
  t.true(user > dockerfile.lastIndexOf('\nRUN') && user < dockerfile.indexOf('\nCMD'));
});
