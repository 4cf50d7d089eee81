// Packs of the party's own: what they may say, what is refused at start, and what changes on a running server.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { makeLog } from '../log.ts';
import { until } from '../testing/until.ts';
import { loadPacks, type Packs } from './pack.ts';
import type { Pack } from './schema.ts';
import { watchPacks } from './watch.ts';

const when = new Date('2026-11-24T12:00:00Z');
const written = {
  ...{ source: 'Charte du parti, art. 4', asOf: '2026-11-01', basis: 'house', confidence: 'V' },
} as const;
const denied = { ...written, value: 'denied' } as const;

function own(more: object = {}): Pack {
  return {
    ...{ id: 'fr-mouvement', version: '2026.11.0', extends: ['fr'], choosable: true },
    ...{ status: 'reviewed', countries: [], timeZone: 'Europe/Paris', currency: 'EUR' },
    ...{ capabilities: {}, matters: {}, ...more },
  } as Pack;
}

function folderOf(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'packs-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function write(folder: string, content: object | string, name = 'fr-mouvement.json'): void {
  const text = typeof content === 'string' ? content : JSON.stringify(content, undefined, 2);
  writeFileSync(join(folder, name), text);
}

async function withOwn(t: ExecutionContext, content: object | string): Promise<Packs> {
  const folder = folderOf(t);
  write(folder, content);
  return loadPacks({ own: folder });
}

test('every pack of Rostra passes the check that no start makes', async (t) => {
  const packs = await loadPacks({ folders: [join(import.meta.dirname, 'packs')] });
  t.deepEqual(packs.ids, (await loadPacks()).ids);
});

test('the party’s own pack can be chosen, and holds beside the law that it builds on', async (t) => {
  const packs = await withOwn(
    t,
    own({
      capabilities: { 'visit.door': [denied] },
      rules: { 'requests.answer': [{ ...written, value: 'P15D', enforce: 'show' }] },
    }),
  );
  t.true(packs.ids.includes('fr-mouvement'));
  const act = { capability: 'visit.door', when };
  const decision = packs.decide('fr-mouvement', act);
  t.is(decision.effect, 'deny');
  t.regex(decision.reasons[0]?.version ?? '', /^2026\.11\.0\+[0-9a-f]{8}$/);
  t.is(packs.decide('fr', { ...act, met: [] }).reasons[0]?.pack === 'fr-mouvement', false);
  t.is(packs.rule('fr-mouvement', 'requests.answer', { when }).value, 'P15D');
  t.is(packs.rule('fr-mouvement', 'messaging.one_by_one', { when }).value, true);
  t.deepEqual(
    packs.lineage('fr-mouvement').map(({ id }) => id),
    ['fr-mouvement', 'fr', 'eu'],
  );
});

test('its silence holds for an election of its own country, and no other country’s', async (t) => {
  const bars = ['message.email'];
  const silence = { before: 'P7D', of: 'election_day', until: 'last_poll_close', bars };
  const rule = { ...written, value: [silence], enforce: 'block' };
  const packs = await withOwn(t, own({ rules: { 'election.silence': [rule] } }));
  const ask = (country: string) =>
    packs.rule('fr-mouvement', 'election.silence', { election: { country }, when });
  t.true(ask('FR').value?.some(({ before }) => before === 'P7D'));
  t.false(ask('ES').value?.some(({ before }) => before === 'P7D'));
});

test('a file that cannot be read is refused by its name, and read once it can be', async (t) => {
  const folder = folderOf(t);
  mkdirSync(join(folder, 'fr-mouvement.json'));
  const error = await t.throwsAsync(loadPacks({ own: folder }));
  t.regex(error?.message ?? '', /fr-mouvement\.json: cannot be read/);
  rmSync(join(folder, 'fr-mouvement.json'), { recursive: true });
  write(folder, `\uFEFF${JSON.stringify(own())}`);
  t.true((await loadPacks({ own: folder })).ids.includes('fr-mouvement'));
});

test('a draft of Rostra is signed for its very text', async (t) => {
  const packs = await loadPacks();
  t.regex(packs.get('de')?.version ?? '', /\+[0-9a-f]{8}$/);
});

test('the pack that the docs show is one', async (t) => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/law.md'), 'utf8');
  const shown = /```json\n(\{\n {2}"id": "fr-mouvement"[\s\S]*?)```/.exec(docs)?.[1] ?? '';
  const packs = await withOwn(t, shown);
  const decision = packs.decide('fr-mouvement', { capability: 'audience.segment', when });
  t.is(decision.reasons[0]?.source, 'Statutes, art. 12');
});

const house = { ...written, value: 'P6M', enforce: 'show' } as const;
const base = {
  ...own({ id: 'fr', extends: [], countries: ['FR'], currency: 'EUR' }),
  rules: {
    ...{ 'cookies.ask_again': [house], 'targeting.record': [{ ...house, value: true }] },
    'requests.answer': [{ ...house, basis: 'law' }],
  },
};

/** A country whose pack holds a rule of the house, and the party's own beside it. */
async function besideHouse(t: ExecutionContext, more: object): Promise<Packs> {
  const [folder, bundled] = [folderOf(t), folderOf(t)];
  write(bundled, base, 'fr.json');
  write(folder, own(more));
  return loadPacks({ folders: [bundled], own: folder });
}

const override = (rule: string) => ({
  overrides: [{ rule, reason: 'the congress decided so', source: 'Charte du parti, art. 4' }],
});

test('it may relax a rule of the house by a sourced override, also for people of its own country', async (t) => {
  const rules = { 'cookies.ask_again': [{ ...house, value: 'P1M' }] };
  const packs = await besideHouse(t, { rules, ...override('rules.cookies.ask_again') });
  t.is(packs.rule('fr-mouvement', 'cookies.ask_again', { when }).value, 'P1M');
  t.is(packs.rule('fr', 'cookies.ask_again', { when }).value, 'P6M');

  const record = { 'targeting.record': [{ ...house, value: false }] };
  const free = await besideHouse(t, { rules: record, ...override('rules.targeting.record') });
  const asked = { when, person: { country: 'fr' } };
  t.is(free.rule('fr-mouvement', 'targeting.record', asked).value, false);
  t.is(free.rule('fr', 'targeting.record', asked).value, true);
});

test('but no rule that rests on the law, and no act that no text speaks of, without one', async (t) => {
  const rules = { 'requests.answer': [{ ...house, value: 'P1Y' }] };
  await t.throwsAsync(besideHouse(t, { rules }), {
    message: /fr-mouvement\.json: rules\.requests\.answer: looser than fr\.json .* \(line \d+\)/,
  });
  await t.throwsAsync(besideHouse(t, { rules, ...override('rules.requests.answer') }), {
    message: /rests on law, and a party may relax rules of the house alone \(line \d+\)/,
  });
  const capabilities = { 'payment.crypto': [{ ...written, value: 'allowed' }] };
  await t.throwsAsync(besideHouse(t, { capabilities }), {
    message: /capabilities\.payment\.crypto: no pack that it extends speaks of this/,
  });
  const packs = await besideHouse(t, {
    ...{ capabilities, ...override('capabilities.payment.crypto') },
  });
  t.is(packs.decide('fr-mouvement', { capability: 'payment.crypto', when }).effect, 'allow');
});

test('a rule of a regulator is not the party’s to relax, although a country’s pack may', async (t) => {
  const rules = { 'cookies.life': [{ ...house, value: 'P5Y' }] };
  await t.throwsAsync(withOwn(t, own({ rules, ...override('rules.cookies.life') })), {
    message: /rests on regulator, and a party may relax rules of the house alone/,
  });
});

const refused: [string, object | string, RegExp][] = [
  ['text that is no JSON', '{ "id": ', /fr-mouvement\.json is not JSON/],
  [
    'an unknown act',
    own({ capabilities: { 'enrich.all': [denied] } }),
    /enrich\.all is no word .*\(line \d+\)/,
  ],
  [
    'an unknown rule',
    own({ rules: { 'money.cosh': [house] } }),
    /money\.cosh is no rule .*\(line \d+\)/,
  ],
  ['no parent', own({ extends: [] }), /extends: must name .*\(line 4\)/],
  ['a parent that is not there', own({ extends: ['qq'] }), /extends qq, which is not there/],
  [
    'the id of a pack of Rostra',
    own({ id: 'fr', extends: ['eu'] }),
    /id: "fr" must be .*\(line 2\)/,
  ],
  ['another name than its file’s', own({ id: 'fr-autre' }), /the file must be fr-autre\.json/],
  ['a country of its own', own({ countries: ['FR'] }), /countries: must be empty/],
  [
    'an uncertain rule that allows',
    own({ capabilities: { 'publish.page': [{ ...denied, value: 'allowed', confidence: 'U' }] } }),
    /publish\.page is uncertain \(U\), so it may deny but not allow/,
  ],
];

for (const [name, content, said] of refused) {
  test(`Rostra does not start with a pack of the party that has ${name}`, async (t) => {
    const error = await t.throwsAsync(withOwn(t, content), { name: 'StartError', message: said });
    t.regex(error?.message ?? '', /packs-.*\/fr-mouvement\.json/);
  });
}

test('an edit is in force at the next look, a broken one leaves what was, and says where it is wrong', async (t) => {
  const folder = folderOf(t);
  write(folder, own());
  const packs = await loadPacks({ own: folder });
  const law = packs.lawOf('fr-mouvement', () => when);
  const act = { capability: 'publish.page' };
  const before = law.decide(act);
  t.is(before.effect, 'allow');
  t.false(packs.reread());

  write(folder, own({ capabilities: { 'publish.page': [denied] } }));
  t.true(packs.reread());
  const after = law.decide(act);
  t.is(after.effect, 'deny');
  t.not(after.reasons[0]?.version, undefined);
  t.is(before.effect, 'allow', 'what was decided keeps its answer and its version');

  write(folder, own({ capabilities: { 'publish.pages': [denied] } }));
  t.false(packs.reread());
  t.regex(packs.faults.join(), /fr-mouvement\.json: capabilities\.publish\.pages .*\(line \d+\)/);
  t.is(law.decide(act).effect, 'deny');
  t.false(packs.reread());

  rmSync(join(folder, 'fr-mouvement.json'));
  t.true(packs.reread());
  t.deepEqual(packs.faults, []);
  t.false(packs.ids.includes('fr-mouvement'));
  t.is(law.decide(act).reasons[0]?.rule, 'default.unknown_pack');
});

test('a draft keeps messages, money and enrichment off until it is signed, and says so', async (t) => {
  const folder = folderOf(t);
  write(folder, own({ status: 'draft' }));
  const signed = new Set<string>();
  const packs = await loadPacks({
    own: folder,
    isSigned: ({ id, version }) => signed.has(`${id} ${version}`),
  });
  const why = (capability: string) =>
    packs.permits('fr-mouvement', capability, when).reasons[0]?.rule;
  for (const word of ['newsletter.send', 'message.email', 'payment.online', 'measure.message']) {
    t.is(packs.permits('fr-mouvement', word, when).effect, 'deny', word);
    t.is(why(word), 'default.draft');
  }
  t.is(
    why('enrich.social'),
    'capabilities.enrich.social',
    'what the law denies is told as the law',
  );
  t.is(packs.permits('fr-mouvement', 'publish.page', when).effect, 'allow');
  const [draft] = packs.unsigned('fr-mouvement');
  signed.add(`${draft?.id} ${draft?.version}`);
  t.deepEqual(packs.unsigned('fr-mouvement'), []);
  t.is(packs.permits('fr-mouvement', 'newsletter.send', when).effect, 'allow');

  write(folder, own({ status: 'draft', capabilities: { 'visit.door': [denied] } }));
  t.true(packs.reread());
  t.is(why('newsletter.send'), 'default.draft', 'another text wants another signature');
});

test('of a country whose draft nobody signed, what it forbids holds, and that it is a draft does not', async (t) => {
  const packs = await loadPacks();
  t.true(packs.unsigned('de').length > 0);
  const met = (id: string, capability: string) =>
    packs.permits(id, capability, when).obligations.map(({ value }) => String(value));
  const ask = (capability: string, country: string, id: string) => {
    const all = [...met('fr', capability), ...met(id, capability)];
    return packs.decide('fr', { capability, person: { country }, met: all, when });
  };
  t.is(ask('newsletter.send', 'DE', 'de').effect, 'allow');
  t.is(
    packs.permits('de', 'newsletter.send', when).effect,
    'deny',
    'a party there must sign first',
  );
  t.like(ask('message.call', 'BR', 'br'), { effect: 'deny' });
  t.is(ask('message.call', 'BR', 'br').reasons[0]?.pack, 'br');
});

test('two processes that look at one folder follow it by themselves, until they are stopped', async (t) => {
  const folder = folderOf(t);
  const both = await Promise.all([loadPacks({ own: folder }), loadPacks({ own: folder })]);
  let followed = 0;
  const stops = both.map((packs) =>
    watchPacks({
      ...{ packs, every: 20, log: makeLog('silent') },
      changed: async () => void followed++,
    }),
  );
  write(folder, own());
  await until(() => both.every(({ ids }) => ids.includes('fr-mouvement')));
  write(folder, '{');
  await until(() => both.every(({ faults }) => faults.length === 1));
  t.true(both.every(({ ids }) => ids.includes('fr-mouvement')));
  for (const stop of stops) stop();
  rmSync(join(folder, 'fr-mouvement.json'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  t.true(both.every(({ ids }) => ids.includes('fr-mouvement')));
  t.is(followed, 2);
});
