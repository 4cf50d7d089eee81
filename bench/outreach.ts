// A letter to a million: how fast it is frozen and leaves, by what nodemailer does alone, and what staff see meanwhile.
import { generateKeyPairSync } from 'node:crypto';
import { createTransport } from 'nodemailer';
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
import { run } from '../plugins/outreach/run.ts';
import { findSend } from '../plugins/outreach/send.sql.ts';
import { findTally } from '../plugins/outreach/tally.sql.ts';
import { processorSeconds, startChild } from './child.ts';
import { type BenchHouse, withParty } from './house.ts';
import { atLeast, type Bench, type Measure, median, seconds, sized } from './measure.ts';
import { copyFrozen, fillSubscribers, insertReleased } from './outreach-fill.ts';
import { watchServer } from './outreach-watch.ts';

const many = sized(1_000_000);
const messages = Math.min(3_000, many);
const rounds = 5;
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
  const watched = await watchServer({ bench, smtpUrl: url, send: whole, people: many });
  say(`  ${watched.map(({ name, value }) => `${name}: ${value.toFixed(1)}`).join(', ')}`);
  const against = { bench, scope, deps, whole, say };
  return [await rate(against, { url, dkim }), ...watched];
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

interface Against {
  bench: BenchHouse;
  scope: Scope;
  deps: Deps;
  whole: string;
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
    const { accepted } = await findTally(scope, id);
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
async function lettersOf({ bench, scope, deps, whole }: Against): Promise<Letter[]> {
  const send = await findSend(scope, whole);
  const kept: Letter[] = [];
  const { way, ...rest } = emailDepsOf(bench.get('email'));
  const keeping: typeof way = {
    ...{ obstacle: way.obstacle, sender: way.sender, draw: way.draw, take: way.take },
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
  const line = send && (await channel.open(scope, send, await frameOf(scope, deps, send)));
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
