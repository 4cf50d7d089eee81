// Two workers on one send, killed again and again by the mail servers that they speak to.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { startMailServer } from 'rostra/testing';
import { scene } from './fixture.ts';
import { findSend } from './send.sql.ts';

/** About three minutes; fewer are for whoever tries something. */
const kills = Number(process.env['ROSTRA_KILLS'] ?? 200);
const count = 10 * kills;
/** When it is told the reader, on the way through the text, at its end, and right after it said that it has it. */
const phases = ['reader', 'text', 'end', 'answered'] as const;
type Phase = (typeof phases)[number];

/** The same each time. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

/** The part of the Message-ID that comes from the recipient's row. */
function messageIdIn(letter: Buffer): string {
  const [head = ''] = letter.toString('latin1').split('\r\n\r\n');
  return /^message-id:\s*<([^@>]+)@[^>]+>$/im.exec(head)?.[1] ?? '';
}

test('of two workers killed again and again nobody gets it twice, and what is missing is what is called unknown', async (t) => {
  t.timeout(kills * 20_000);
  const s = await scene(t, { count });
  const id = await s.write();
  await s.releaseNow(id);
  const next = seeded(7);
  const folder = mkdtempSync(join(tmpdir(), 'rostra-killed-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const had: string[] = [];
  let done = 0;

  /** One mail server and the worker that speaks to it; a new one comes in the place of the dead. */
  async function startSlot(): Promise<() => Promise<void>> {
    let worker: ChildProcess | undefined;
    let at = { phase: phases[0] as Phase, after: 1 };
    const plan = () => {
      at = { phase: phases[next(phases.length)] ?? 'end', after: 1 + next(6) };
    };
    const reached = (phase: Phase): void => {
      if (done >= kills || phase !== at.phase || --at.after > 0) return;
      done += 1;
      worker?.kill('SIGKILL');
    };
    const url = await startMailServer(t, {
      onRcptTo(_address, _session, answer) {
        reached('reader');
        answer();
      },
      onData(stream, _session, answer) {
        reached('text');
        const pieces: Buffer[] = [];
        stream.on('data', (piece) => pieces.push(piece));
        stream.once('end', () => {
          had.push(messageIdIn(Buffer.concat(pieces)));
          reached('end');
          answer();
          reached('answered');
        });
      },
    });
    return async () => {
      for (;;) {
        if ((await findSend(s.scope, id))?.state === 'done') return;
        plan();
        const given = [s.app.house.database.url, url, s.chapter, id, s.scope.now().toISOString()];
        const script = fileURLToPath(new URL('killed-sender.ts', import.meta.url));
        worker = spawn(process.execPath, ['--import=./core/typescript.mjs', script], {
          env: {
            ...{ PATH: process.env['PATH'], TMPDIR: folder },
            KILLED_SENDER: JSON.stringify(given),
          },
          stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        });
        const running = worker;
        await once(running, 'exit');
        await wait(20);
      }
    };
  }

  const slots = await Promise.all([startSlot(), startSlot()]);
  await Promise.all(slots.map((run) => run()));
  t.is(done, kills);
  t.is(new Set(had).size, had.length, 'nobody got it twice');
  const { rows } = await s.scope.db.raw(
    'select key, state from outreach.recipient where send_id = :id',
    { id },
  );
  const of = (state: string): string[] =>
    rows.flatMap((row: { key: string; state: string }) => (row.state === state ? [row.key] : []));
  const [accepted, unknown] = [of('accepted'), of('unknown')];
  const all: string[] = rows.map(({ key }: { key: string }) => key);
  t.is(all.length, count);
  t.deepEqual([...accepted, ...unknown].sort(), all.sort(), 'nobody is forgotten');
  t.deepEqual(
    accepted.filter((one) => !had.includes(one)),
    [],
    'whoever is said to have it has it',
  );
  t.deepEqual(
    had.filter((one) => !all.includes(one)),
    [],
    'each letter is of a row',
  );
  const missing = all.filter((one) => !had.includes(one));
  t.deepEqual(
    missing.filter((one) => !unknown.includes(one)),
    [],
    'whoever lacks it is called unknown',
  );
  t.true(unknown.length > 0 && unknown.length <= kills * 5, String(unknown.length));
  t.log(
    `${accepted.length} accepted, ${unknown.length} unknown, of these ${missing.length} missing`,
  );
});
