// In whose name letters are: two chapters and a newsletter of its own, as the mail server takes them.
import test, { type ExecutionContext } from 'ava';
import { Consents, Newsletters, People } from 'rostra/people';
import { openBrowser, sisterFaults } from 'rostra/testing';
import { scene } from './fixture.ts';
import * as senders from './sender.sql.ts';

const paris = {
  name: 'Lettre des élus',
  address: 'elus@example.org',
  replyTo: 'elus@ailleurs.example',
};

/** A chapter with a newsletter, a subscriber, and a letter to them that has left. */
async function sendFrom(s: Awaited<ReturnType<typeof scene>>, name: string) {
  const id = await s.app.chapter(name);
  const scope = s.app.scope(id);
  const get = s.app.get('email');
  const staff = await s.app.staff('administrator', id);
  const at = `/admin/@${name.toLowerCase()}`;
  await staff.post(`${at}/people/newsletters/new`, {
    name: `La lettre de ${name}`,
    description: '',
  });
  const [newsletter] = await s.outreach.newsletters(scope);
  if (!newsletter) throw new Error('the chapter has no newsletter');
  const [made] = await get(People).upsertMany(scope, [
    { emailAddress: `${name.toLowerCase()}@example.org`, source: 'website.sign-up' },
  ]);
  const personId = made?.id ?? '';
  await get(Newsletters).subscribe(scope, personId, newsletter.id);
  await get(Consents).give(scope, {
    ...{ personId, channel: 'email', purpose: 'newsletter', wording: 'Oui.', locale: 'fr' },
    ...{ source: 'website.sign-up', evidence: { form: '1', confirmedAt: '2026-11-01' } },
  });
  const send = async () => {
    const content = {
      subject: 'Lettre',
      preheader: '',
      blocks: [{ kind: 'paragraph', text: 'Lisez.', href: '' }],
    };
    const fields = { channel: 'email', name: 'Lettre', newsletterId: newsletter.id, content };
    const sendId = await s.outreach.create(scope, fields);
    await staff.post(`${at}/outreach/${sendId}/release`, { version: '1', when: 'now' });
    await s.app.drain();
    const mail = s.taken.at(-1);
    return { from: mail?.from?.text, answers: mail?.replyTo?.text };
  };
  return { id, scope, staff, at, newsletter, send };
}

async function house(t: ExecutionContext) {
  const s = await scene(t, { count: 0 });
  const values = { mailFromAddress: 'lettre@example.org', mailFromName: 'Le parti' };
  await s.app.house.settings.change(s.scope, 'core', { values });
  return s;
}

test.serial(
  'each chapter’s letters are in its own name, a newsletter’s in one of its own, and what neither sets is the party’s',
  async (t) => {
    const s = await house(t);
    const [lyon, lille] = [await sendFrom(s, 'Lyon'), await sendFrom(s, 'Lille')];
    const values = {
      mailFromName: 'Section de Lyon',
      mailFromAddress: 'lyon@example.org',
      mailReplyTo: 'x@lyon.example',
    };
    await s.app.house.settings.change(lyon.scope, 'core', { values });
    const party = { from: '"Le parti" <lettre@example.org>', answers: undefined };
    t.deepEqual(await lyon.send(), {
      from: '"Section de Lyon" <lyon@example.org>',
      answers: 'x@lyon.example',
    });
    t.deepEqual(await lille.send(), party);
    const page = `${lille.at}/email/senders/${lille.newsletter.id}`;
    t.is((await lille.staff.post(page, paris)).status, 303);
    t.deepEqual(await lille.send(), {
      from: '"Lettre des élus" <elus@example.org>',
      answers: paris.replyTo,
    });
    // Its domain is the party’s no longer: answered there, not written from.
    await s.app.house.settings.change(s.scope, 'core', {
      values: { mailFromAddress: 'lettre@parti.example' },
    });
    t.deepEqual(await lille.send(), {
      from: '"Lettre des élus" <lettre@parti.example>',
      answers: paris.replyTo,
    });
    t.is((await lille.staff.post(page, {})).status, 303);
  },
);

test.serial(
  'an address on another domain is refused beside its field, and nothing typed is lost',
  async (t) => {
    const s = await house(t);
    const page = `/admin/email/senders/${s.newsletter.id}`;
    const staff = await s.app.staff();
    const answer = await staff.post(page, { ...paris, address: 'elus@gmail.example' });
    t.is(answer.status, 422);
    t.regex(answer.body, /has to end in @example\.org/);
    t.regex(answer.body, /value="elus@gmail\.example"/);
    t.regex(answer.body, /value="Lettre des élus"/);
    const broken = await staff.post(page, { ...paris, replyTo: 'no address' });
    t.is(broken.status, 422);
    t.is((await staff.post(page, { ...paris, name: 'A\r\nBcc: b@example.org' })).status, 303);
    t.is((await senders.findSender(s.scope, s.newsletter.id))?.name, 'A Bcc: b@example.org');
  },
);

test.serial(
  'who writes sees in whose name the letter is and where answers go, on a telephone and on a desk',
  async (t) => {
    const s = await house(t);
    await senders.insertSender(s.scope, s.newsletter.id, paris);
    const id = await s.write();
    await s.staff.post(`/admin/email/${id}/test`, {});
    await s.app.drain();
    t.is(
      s.taken.at(-1)?.from?.text,
      '"Lettre des élus" <elus@example.org>',
      'a test is as they are',
    );
    for (const width of [360, 1280]) {
      const browser = await openBrowser(t, { width, dark: width === 360, locale: 'fr-FR' });
      const value = s.staff.cookies.get('rostra') ?? '';
      const { page } = browser;
      await page.context().addCookies([{ name: 'rostra', value, url: s.app.url }]);
      for (const path of ['senders', `senders/${s.newsletter.id}`, id]) {
        await page.goto(`${s.app.url}/admin/email/${path}`);
        await browser.shot(
          `letter-sender-${path.replace(/\d+/, 'one').replace('/', '-')}-${width}`,
        );
        t.deepEqual(await browser.violations(), [], path);
        t.is(await browser.overflow(), 0, path);
      }
      const said = (await page.textContent('main')) ?? '';
      t.regex(
        said,
        /From Lettre des élus <elus@example\.org>\. Answers go to elus@ailleurs\.example\./,
      );
      t.deepEqual(browser.complaints, []);
    }
  },
);

test.serial(
  'a sister chapter neither sees nor changes in whose name a newsletter is',
  async (t) => {
    const s = await scene(t, { count: 0 });
    const [own, sister] = [await s.app.chapter('Lyon'), await s.app.chapter('Lille')];
    await senders.insertSender(s.app.scope(own), '7', paris);
    const faults = await sisterFaults(
      {
        ...{ app: s.app, own, sister, folder: import.meta.dirname, files: /^sender/ },
        tables: ['email.sender'],
      },
      {
        reads: { findSender: (scope) => senders.findSender(scope, '7') },
        writes: {
          insertSender: (scope) => senders.insertSender(scope, '7', { ...paris, name: 'x' }),
        },
        unbounded: {},
      },
    );
    t.deepEqual(faults, []);
  },
);
