// The hours that somebody named: recorded by staff, and kept to.
import test from 'ava';
import { idsOf, scene } from './fixture.ts';
import type { ReachAct } from './index.ts';

test.serial(
  'whoever agreed to calls by a machine is called at the hours that they named',
  async (t) => {
    const { app, id, scope, why } = await scene(t);
    const voice: ReachAct = { channel: 'voice', purpose: 'campaign' };
    const staff = await app.staff('organiser');
    const record = (more: object) =>
      staff.post(`/admin/people/${id}/consent`, {
        ...{ deed: 'give', purpose: 'campaign', wording: 'Yes.', evidence: 'form 4', ...more },
      });
    await record({ channel: 'voice' });
    t.is(await why(voice), 'no-window');
    t.regex((await staff.get(`/admin/people/${id}`)).body, /no hours were said: ask which/);
    const broken = await record({ channel: 'voice', from: '20:00', until: '18:00' });
    t.is(broken.status, 422);
    t.regex(broken.body, /value="20:00"[\s\S]*the later one last/);
    t.is((await record({ channel: 'email', from: '18:00', until: '20:00' })).status, 422);

    await record({ channel: 'voice', from: '18:00', until: '20:00' });
    t.is(await why(voice), 'not-now', 'eleven in Paris');
    const { body } = await staff.get(`/admin/people/${id}`);
    t.regex(body, /Not now, from 18:00: agreed to be called between 18:00 and 20:00/);
    t.deepEqual(await idsOf(scope, voice), [id], 'a list is made for their hours');
    app.clock.set('2026-11-24T17:00:00Z');
    t.is(await why(voice), 'yes', 'eighteen in Paris');
    app.clock.set('2026-11-24T19:00:00Z');
    t.is(await why(voice), 'not-now', 'twenty in Paris');
  },
);
