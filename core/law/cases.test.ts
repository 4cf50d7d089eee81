// Every case, written from the law's text; and that a pack cannot change unseen by them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { Decision, Question } from './gate.ts';
import { assemble, loadPacks, type Packs } from './pack.ts';
import type { CapabilityVersion, Pack, Verdict } from './schema.ts';

interface Case {
  given: Omit<Question, 'when'> & { when: string };
  /** `missing` left out: no condition would help. */
  expect: { effect: 'allow' | 'deny'; rule: string; pack: string; missing?: string[] };
  /** The article, and what it says. */
  note: string;
}

const jurisdictions = ['eu', 'fr', 'us'];
const read = (folder: string, id: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, folder, `${id}.json`), 'utf8'));
const cases = new Map<string, Case[]>(jurisdictions.map((id) => [id, read('cases', id)]));
const written: Pack[] = jurisdictions.map((id) => read('packs', id));

/** What the case finds otherwise than the law says; `undefined` when all is as it should be. */
function wrongIn(packs: Packs, jurisdiction: string, { given, expect, note }: Case) {
  const when = new Date(given.when);
  const decision = packs.decide(jurisdiction, { ...given, when });
  const said = `${jurisdiction}: ${given.capability} on ${given.when} (${note})`;
  if (decision.effect !== expect.effect) return `${said}: ${decision.effect}`;
  return rests(decision, expect) ? undefined : `${said}: ${JSON.stringify(decision.reasons)}`;
}

function rests(decision: Decision, { rule, pack, missing }: Case['expect']): boolean {
  return decision.reasons.some(
    (reason) =>
      reason.rule === rule &&
      reason.pack === pack &&
      String(reason.missing?.toSorted()) === String(missing?.toSorted()),
  );
}

for (const [jurisdiction, all] of cases) {
  test(`under ${jurisdiction}, every case ends as the law says`, async (t) => {
    const packs = await loadPacks();
    t.deepEqual(
      all.map((one) => wrongIn(packs, jurisdiction, one)).filter((wrong) => wrong),
      [],
    );
  });
}

/** Whether some case of any jurisdiction, or the loading itself, notices. */
function isNoticed(packs: readonly Pack[]): boolean {
  let changed: Packs;
  try {
    changed = assemble(packs);
  } catch {
    return true;
  }
  return [...cases].some(([id, all]) => all.some((one) => wrongIn(changed, id, one)));
}

/** Every other value of one version, and each of its conditions left out. */
function changesOf(version: CapabilityVersion): CapabilityVersion[] {
  const { requires = [], ...rest } = version;
  const verdicts: Verdict[] = ['denied', 'conditional', 'allowed'];
  const values = verdicts
    .filter((value) => value !== version.value)
    .map((value) => ({
      ...rest,
      value,
      ...(value === 'conditional' ? { requires: ['never.met'] } : {}),
    }));
  const weaker = requires.map((word) => ({
    ...version,
    requires: requires.filter((other) => other !== word),
  }));
  return [...values, ...(requires.length > 1 ? weaker : [])];
}

for (const id of ['fr', 'us']) {
  test(`no value and no condition of ${id}.json changes without a case that fails`, (t) => {
    t.false(isNoticed(written), 'the cases hold as it stands');
    const unseen: string[] = [];
    const pack = written.find((one) => one.id === id) as Pack;
    for (const [word, versions] of Object.entries(pack.capabilities)) {
      versions.forEach((version, index) => {
        for (const change of changesOf(version)) {
          const capabilities = { ...pack.capabilities, [word]: versions.with(index, change) };
          const packs = written.map((one) => (one === pack ? { ...pack, capabilities } : one));
          if (!isNoticed(packs)) unseen.push(`${word} ${index}: ${JSON.stringify(change)}`);
        }
      });
    }
    t.deepEqual(unseen, []);
  });

  test(`no first day in ${id}.json moves by a month without a case that fails`, (t) => {
    t.false(isNoticed(written), 'the cases hold as it stands');
    const unseen: string[] = [];
    const pack = written.find((one) => one.id === id) as Pack;
    for (const [word, versions] of Object.entries(pack.capabilities)) {
      versions.forEach((version, index) => {
        if (version.from === undefined) return;
        const from = monthLater(version.from);
        const capabilities = {
          ...pack.capabilities,
          [word]: versions.with(index, { ...version, from }),
        };
        const packs = written.map((one) => (one === pack ? { ...pack, capabilities } : one));
        if (!isNoticed(packs)) unseen.push(`${word} ${index}`);
      });
    }
    t.deepEqual(unseen, []);
  });
}

function monthLater(day: string): string {
  return new Date(Date.parse(day) + 31 * 86_400_000).toISOString().slice(0, 10);
}
