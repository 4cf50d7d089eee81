// A letter to a million: how fast it is frozen and leaves, by what nodemailer does alone, and what staff see meanwhile.
import { generateKeyPairSync } from 'node:crypto';
import http from 'node:http';
import { createTransport } from 'nodemailer';
import { insertAccount, insertRole } from '../core/accounts/account.sql.ts';
import { openSession } from '../core/accounts/session.ts';
import { selector } from '../core/mail/dns.ts';
import { insertDomain, saveReport, setWarm } from '../core/mail/domain.sql.ts';
import { lanes } from '../core/mail/server.ts';
import type { Scope } from '../core/scope.ts';
import { seal } from '../core/secret.ts';
import type { Letter } from '../core/sending-services.ts';
import { makeChannel } from '../plugins/email/channel.ts';
import { depsOf as emailDepsOf } from '../plugins/email/deps.ts';
import { type Deps, depsOf } from '../plugins/outreach/deps.ts';
import { frameOf } from '../plugins/outreach/frame.ts';
import { countRecipients } from '../plugins/outreach/recipient.sql.ts';
import { run } from '../plugins/outreach/run.ts';
import { findSend, moveSend } from '../plugins/outreach/send.sql.ts';
import { processorSeconds, residentMegabytes, startChild } from './child.ts';
import { type BenchHouse, withParty } from './house.ts';
import { atLeast, type Bench, below, type Measure, median, seconds, sized } from './measure.ts';
import { copyFrozen, fillSubscribers, insertReleased } from './outreach-fill.ts';

const many = sized(1_000_000);
const messages = Math.min(3_000, many);
const rounds = 5;
const looks = 40;
const domain = 'parti.example';

export const outreaching: Bench = {
  name: 'outreach',
  async run(say) {
    const sink = startChild('bench/outreach-sink.ts', []);
    try {
      const [, url = ''] = await sink.says(/takes mail at (\S+);/, 30_000);
      return await withParty((bench) => measure({ bench, url, say }), { SMTP_URL: url });
    } finally {
      await sink.stop();
    }
  },
};

const content = {
  subject: 'Bonjour {{prénom|chers amis}}',
  preheader: 'Trois dates',
  blocks: [
    { kind: 'heading', text: 'Nos actions', href: '' },
    ...Array.from({ length: 4 }, (_, at) => ({
      ...{ kind: 'paragraph', href: '' },
      text: `Cher {{prénom|ami}}, lisez [le bilan](https://x.example/${at}). ${'Pour une ville où l’on respire. '.repeat(12)}`,
    })),
    { kind: 'button', text: 'Je participe', href: '/agir' },
  ],
};

interface Measuring {
  bench: BenchHouse;
  url: string;
  say(line: string): void;
}

async function measure({ bench, url, say }: Measuring): Promise<Measure[]> {
  const scope = bench.scope();
  const deps = depsOf(bench.get('outreach'));
  const dkim = await makeKey(bench);
  say(`  writing ${many.toLocaleString('en')} subscribers …`);
  const newsletterId = await fillSubscribers(scope.db, many);
  const whole = await insertReleased(scope, newsletterId, content);
  const freezing = await freezeAll(scope, deps, whole);
  say(`  ${freezing.map(({ name, value }) => `${name}: ${value.toFixed(1)}`).join(', ')}`);
  const against = { bench, scope, deps, whole, newsletterId, say };
  // The letters that are kept for the pool would count as memory of the engine.
  const watched = await watch(against);
  return [await rate(against, { url, dkim }), ...freezing, ...watched];
}

async function makeKey({ house, scope }: BenchHouse) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const now = scope().now();
  const { db } = house.database;
  const sealed = seal(house.config.secret, 'mail.dkim', privateKey);
  const key = { domain, privateKey: sealed, publicKey: publicKey.toString('base64'), now };
  await insertDomain(db, key);
  await saveReport(db, domain, { report: { host: null, records: [] }, signs: true, now });
  await setWarm(db, domain, true);
  return { domainName: domain, keySelector: selector, privateKey };
}

/** Frozen by the engine's own run: the text is paused before anything leaves. */
async function freezeAll(scope: Scope, deps: Deps, id: string): Promise<Measure[]> {
  const stopped: Deps = { ...deps, channelsOn: (own) => deps.channelsOn(own).map(closed) };
  const memory = watchMemory();
  const taken = await seconds(() => run(scope, stopped, id));
  const megabytes = memory.end();
  const { all } = await countRecipients(scope, id);
  if (all !== many) throw new Error(`${all} of ${many} were frozen.`);
  const name = `frozen: ${many.toLocaleString('en')} recipients`;
  await scope.db.raw('vacuum analyze outreach.recipient');
  return [
    below(1, { name, value: taken, limit: 30, unit: 's', notes: { 'a second': many / taken } }),
    below(1, {
      name: 'memory while it freezes',
      value: megabytes,
      limit: 300,
      unit: 'MB',
      notes: {},
    }),
  ];
}

type Offered = ReturnType<Deps['channelsOn']>[number];
const closed = (offer: Offered): Offered => ({
  ...offer,
  service: { ...offer.service, open: async () => undefined },
});

function watchMemory() {
  let most = 0;
  const look = () => void (most = Math.max(most, residentMegabytes(process.pid)));
  const timer = setInterval(look, 100);
  return {
    end(): number {
      clearInterval(timer);
      look();
      return most;
    },
  };
}

interface Against {
  bench: BenchHouse;
  scope: Scope;
  deps: Deps;
  whole: string;
  newsletterId: string;
  say(line: string): void;
}
type Dkim = Awaited<ReturnType<typeof makeKey>>;

/** The engine, and nodemailer's pool with the same letters: turn by turn into the same sink. */
async function rate(
  against: Against,
  { url, dkim }: { url: string; dkim: Dkim },
): Promise<Measure> {
  const { scope, deps, whole, say } = against;
  const letters = await lettersOf(against);
  const ours: number[] = [];
  const theirs: number[] = [];
  const worked: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const id = await copyFrozen(scope, whole, messages);
    const before = processorSeconds(process.pid);
    const own = messages / (await seconds(() => runOut(scope, deps, id)));
    const between = processorSeconds(process.pid);
    const { accepted } = await countRecipients(scope, id);
    if (accepted !== messages) throw new Error(`${accepted} of ${messages} were accepted.`);
    const pool = createTransport({ url, pool: true, maxConnections: lanes, dkim });
    const alone =
      messages / (await seconds(() => Promise.all(letters.map((one) => pool.sendMail(one)))));
    pool.close();
    const parts = (between - before) / (processorSeconds(process.pid) - between);
    say(
      `  ${own.toFixed(0)}/s, the pool alone ${alone.toFixed(0)}/s, of its processor ${parts.toFixed(2)}`,
    );
    if (round < 0) continue;
    ours.push(own);
    theirs.push(alone);
    worked.push(parts);
  }
  return atLeast(0.9, {
    name: 'letters by e-mail: personal, signed, law asked, a row each',
    ...{ value: median(ours), limit: median(theirs), unit: '/s' },
    notes: { connections: lanes, rounds, "times the pool's processor": median(worked) },
  });
}

/** A run makes room for others after a while, and is woken anew. */
async function runOut(scope: Scope, deps: Deps, id: string): Promise<void> {
  while ((await findSend(scope, id))?.state === 'sending') await run(scope, deps, id);
}

/** As the channel writes them, kept instead of handed over. */
async function lettersOf({ bench, scope, deps, whole, newsletterId }: Against): Promise<Letter[]> {
  const send = await findSend(scope, whole);
  const kept: Letter[] = [];
  const { way, ...rest } = emailDepsOf(bench.get('email'));
  const keeping: typeof way = {
    ...{ obstacle: way.obstacle, draw: way.draw, take: way.take },
    async open(own) {
      const open = await way.open(own);
      return (
        open && {
          ...open,
          async hand(letter) {
            kept.push(letter);
            return { state: 'accepted', answer: '' };
          },
        }
      );
    },
  };
  const channel = makeChannel({ ...rest, way: keeping });
  const line = send && (await channel.open(scope, send, await frameOf(scope, deps, newsletterId)));
  if (!line) throw new Error('The channel is not open.');
  for (let n = 1; n <= messages; n += 1) {
    const hand = await line.write({
      ...{
        key: `bench-${n}`,
        address: `p${n}@poste.example`,
        givenName: `Camille${n}`,
        locale: 'fr',
      },
      ...{
        personId: String(n),
        isDirect: true,
        stopPath: `/unsubscribe/v1.${'x'.repeat(90)}`,
        attempts: 1,
      },
    });
    await hand(new AbortController().signal);
  }
  line.close();
  return kept;
}

/** The page of the whole send, asked again and again while that leaves. */
async function watch({ bench, scope, deps, whole }: Against): Promise<Measure[]> {
  const ask = await logIn(bench);
  const memory = watchMemory();
  const sending = runOut(scope, deps, whole);
  const taken: number[] = [];
  for (let turn = -5; turn < looks; turn += 1) {
    const took = await seconds(() => ask(`/admin/outreach/${whole}`));
    if (turn >= 0) taken.push(took * 1_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { waiting, accepted } = await countRecipients(scope, whole);
  await moveSend(scope, whole, ['sending'], 'paused');
  await sending;
  const megabytes = memory.end();
  const notes = { slowest: Math.max(...taken), 'gone meanwhile': accepted, waiting };
  return [
    below(1, { name: 'page of its progress', value: median(taken), limit: 100, unit: 'ms', notes }),
    below(1, {
      name: 'memory while it leaves',
      value: megabytes,
      limit: 300,
      unit: 'MB',
      notes: {},
    }),
  ];
}

async function logIn({ house, scope, url }: BenchHouse): Promise<(path: string) => Promise<void>> {
  const { db } = house.database;
  const now = scope().now();
  const email = 'organiser@parti.example';
  const accountId = await insertAccount(db, { email, name: 'Olga', locale: 'fr', now });
  if (!accountId) throw new Error('the account is there already');
  await insertRole(db, {
    accountId,
    organizationId: scope().organization.id,
    role: 'organiser',
    now,
  });
  const origin = { ip: '127.0.0.1', agent: 'bench' };
  const token = await openSession({ db, now: () => now }, accountId, origin, { grace: true });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { Cookie: `rostra=${token}` };
  return (path) =>
    new Promise((resolve, reject) => {
      const request = http.get(new URL(path, url), { headers, agent }, (answer) => {
        answer.resume();
        answer.once('end', () => {
          if (answer.statusCode === 200) resolve();
          else reject(new Error(`${path} answered ${answer.statusCode}`));
        });
      });
      request.once('error', reject);
    });
}
