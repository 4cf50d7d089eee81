// A letter to subscribers, from the draft to the last answer.
import test from 'ava';
import { Consents } from 'rostra/people';
import { addressOf, scene } from './fixture.ts';
import { actOf, freeze } from './freeze.ts';
import { run } from './run.ts';
import { findSend } from './send.sql.ts';

test('each subscriber gets the letter once, by name, with what the law wants said and a way out', async (t) => {
  const s = await scene(t);
  const id = await s.write();
  await s.releaseNow(id);
  await s.app.drain();
  t.deepEqual(s.sink.readers().sort(), [0, 1, 2].map(addressOf));
  t.is((await findSend(s.scope, id))?.state, 'done');
  t.like(await s.counts(id), { all: 3, accepted: 3, waiting: 0, unknown: 0 });
  const mail = s.sink.taken.find(({ subject }) => subject?.includes('Jeanne1'));
  t.is(mail?.subject, 'Bonjour Jeanne1');
  t.true(s.sink.taken.some(({ subject }) => subject === 'Bonjour chers amis'));
  t.regex(String(mail?.html), /Cher Jeanne1, lisez <a [^>]*href="https:\/\/x\.example\/b"/);
  t.regex(mail?.text ?? '', /Parti de l’Exemple, 1 rue de la République/);
  t.regex(mail?.text ?? '', /abonné à «\sLa lettre de Lyon\s»/u);
  const headers = mail?.headerLines.map(({ line }) => line).join('\n') ?? '';
  t.regex(headers, /List-Unsubscribe-Post:\s+List-Unsubscribe=One-Click/);
  t.regex(headers, /List-Unsubscribe:\s+<http:\/\/localhost:\d+\/unsubscribe\/v1\./);
  t.regex(headers, /List-Id:\s+<newsletter-[0-9a-f]{12}\.localhost>/i);
  await s.app.drain();
  t.is(s.sink.taken.length, 3);
});

test('one POST by a mail program unsubscribes, a look at the link does not, and the page says it', async (t) => {
  const s = await scene(t);
  const id = await s.write();
  await s.releaseNow(id);
  await s.app.drain();
  const mail = s.sink.taken.find(({ subject }) => subject?.includes('Jeanne1'));
  const [, path = ''] =
    /href="http:\/\/localhost:\d+(\/unsubscribe\/[^"]+)"/.exec(String(mail?.html)) ?? [];
  const isSubscribed = async () =>
    (
      await s.deps.reach.among(s.scope, [s.ids[1] ?? ''], {
        ...{ channel: 'email', purpose: 'newsletter', newsletterId: s.newsletterId },
      } as const)
    ).length > 0;
  const visitor = s.app.visitor();
  const seen = await visitor.get(path);
  t.is(seen.status, 200);
  t.regex(seen.body, /<form method="post">/);
  t.true(await isSubscribed());
  for (let twice = 0; twice < 2; twice += 1) {
    const answer = await visitor.ask('POST', path, {
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    });
    t.is(answer.status, 200);
    t.regex(answer.body, /désabonné/);
  }
  t.false(await isSubscribed());
  t.is((await s.counts(id)).left, 1);
  t.is((await visitor.get('/unsubscribe/v1.x.y')).status, 404);
});

test('whoever unsubscribes, objects, withdraws or is erased after the list was frozen gets nothing', async (t) => {
  const s = await scene(t, { count: 6 });
  const id = await s.write();
  const [, one = '', two = '', three = '', four = ''] = s.ids;
  await s.releaseNow(id);
  const send = await findSend(s.scope, id);
  if (!send) return t.fail();
  const info = { id: 'email', name: '', begin: '', href: '', reach: 'email' } as const;
  t.true(await freeze(s.scope, s.deps, send, actOf(info, s)));
  t.is((await s.counts(id)).all, 6);
  await s.deps.newsletters.unsubscribe(s.scope, one, s.newsletterId);
  await s.app.get('outreach')(Consents).stopAll(s.scope, two, 'objection');
  await s.app.house.subjects.erase(s.app.scope(), three);
  await s.app
    .get('outreach')(Consents)
    .withdraw(s.scope, {
      ...{ personId: four, channel: 'email', purpose: 'newsletter', wording: '', locale: 'fr' },
      ...{ source: 'staff', evidence: {} },
    });
  await run(s.scope, s.deps, id);
  t.deepEqual(s.sink.readers().sort(), [0, 5].map(addressOf));
  t.like(await s.counts(id), { accepted: 2, skipped: 3, all: 5 });
});
