// What the tests of reach share: somebody in France, and more law than one jurisdiction has.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Law, Scope } from 'rostra/plugin';
import { type App, makeApp } from 'rostra/testing';
import { makeConsents } from './consent.ts';
import { reach } from './contact.ts';
import { depsOf } from './deps.ts';
import type { ReachAct } from './index.ts';
import { makePeople } from './person.ts';

/** A party where no law asks anyone whom it chooses by data: it has asked for more by itself. */
const own = {
  ...{ id: 'us-party', version: '2026.11.0', extends: ['us'], choosable: true },
  ...{ status: 'reviewed', countries: [], timeZone: 'America/New_York', currency: 'USD' },
  ...{ capabilities: {}, matters: {} },
  rules: {
    'consent.targeting': [
      {
        ...{ value: 'double_opt_in', enforce: 'block', source: 'Bylaws, sec. 4' },
        ...{ asOf: '2026-11-01', basis: 'house', confidence: 'V' },
      },
    ],
  },
};

/** The law of any jurisdiction, as if every draft were signed; `us-party` is the party's own. */
export function lawsOf(app: App): (jurisdiction: string) => Law {
  const folder = join(app.house.config.data, 'packs');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'us-party.json'), JSON.stringify(own));
  if (!app.house.packs.reread()) throw new Error(app.house.packs.faults.join());
  const packs = app.house.packs.asWritten();
  return (id: string) => packs.lawOf(id, () => app.scope().now());
}

/** Ana, who signed up on the site, with what may be asked and said of her. */
export async function scene(t: Parameters<typeof makeApp>[0], jurisdiction = 'fr') {
  const app = await makeApp(t, { jurisdiction });
  const deps = depsOf(app.get('people'));
  const scope = app.scope();
  const { id } = await makePeople(deps).upsert(scope, {
    ...{ emailAddress: 'ana@x.example', phoneNumber: '+33612345678', givenName: 'Ana' },
    ...{ postalAddress: { country: 'FR' }, source: 'website.sign-up' },
  });
  const why = async (act: ReachAct, of: Scope = scope) => (await reach.may(of, id, act))?.why;
  const say = (channel: string, purpose: string, given = true, evidence = {}) =>
    makeConsents(deps)[given ? 'give' : 'withdraw'](scope, {
      ...{ personId: id, channel, purpose, wording: 'Yes.', locale: 'fr', source: 'stand' },
      evidence: { form: '1', ...evidence },
    });
  return { app, deps, scope, id, why, say };
}

export async function idsOf(scope: Scope, act: ReachAct): Promise<string[]> {
  const all: string[] = [];
  for await (const ids of reach.people(scope, act)) all.push(...ids);
  return all;
}
