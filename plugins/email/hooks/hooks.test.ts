// Calls of services that send for the party: proven or refused, twice or late the same, and telling nobody what is there.
import { createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { addressOf, keyOf, scene, type Taken } from './fixture.ts';
import { isAmazons, keepCertificate, readSns } from './sns.ts';

const read = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
const topic = 'arn:aws:sns:eu-west-3:123456789012:Retours';
const certificate = 'https://sns.eu-west-3.amazonaws.com/SimpleNotificationService-0001.pem';
const postmarkSecret = 'un secret de seize';
const returnAddress = 'retours@parti.example';

type Call = Record<string, string>;

/** As SNS signs: fields in this order, each with its name, a line each. */
function signed(call: Call, version = '2'): Call {
  const names = [
    'Message',
    'MessageId',
    'Subject',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ];
  const signer = createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256');
  for (const name of names) if (call[name] !== undefined) signer.update(`${name}\n${call[name]}\n`);
  const Signature = signer.sign(read('sns-key.pem'), 'base64');
  return { ...call, SignatureVersion: version, SigningCertURL: certificate, Signature };
}

const notification = (message: object): Call => ({
  ...{ Type: 'Notification', MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324', TopicArn: topic },
  ...{ Message: JSON.stringify(message), Timestamp: '2026-12-01T10:05:00.000Z' },
});

function sesTold(name: string, letter: Pick<Taken, 'from'>) {
  const told = JSON.parse(read(`ses-${name}.json`));
  told.mail.source = letter.from;
  return told;
}

function postmarkTold(name: string, letter: Taken) {
  const told = JSON.parse(read(`postmark-${name}.json`));
  return { ...told, Metadata: { ...told.Metadata, rostra: keyOf(letter) } };
}

async function house(t: Parameters<typeof scene>[0]) {
  keepCertificate(certificate, read('sns-certificate.pem'));
  const all = await scene(t, { returnAddress, sesTopics: topic, postmarkSecret });
  const letters = await all.send();
  const letterTo = (place: number) => letters.find(({ to }) => to === addressOf(place)) as Taken;
  const call = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(`${all.app.url}/hooks/email/${path}`, {
      method: 'POST',
      headers,
      body: text,
    });
    return { status: answer.status, body: await answer.text() };
  };
  const ses = (body: unknown) => call('ses', body);
  const postmark = (body: unknown, secret = postmarkSecret) => {
    const pair = Buffer.from(`rostra:${secret}`).toString('base64');
    return call('postmark', body, { Authorization: `Basic ${pair}` });
  };
  const toldOf = async (letter: Taken) => {
    const found = await all.scope.db.raw(
      `select delivered_at is not null as delivered, bounced_at is not null as bounced,
         complained_at is not null as complained from outreach.recipient where key = ?`,
      [keyOf(letter)],
    );
    return found.rows[0];
  };
  const auditsOf = async (act: string) => {
    const found = await all.scope.db.raw('select 1 from core.audit where act = ?', [act]);
    return found.rows.length;
  };
  return { ...all, letterTo, call, ses, postmark, toldOf, auditsOf };
}

test('what Amazon SES tells is kept, once, by either of its signatures', async (t) => {
  const { ses, letterTo, toldOf, statusOf, ids, auditsOf } = await house(t);
  const bounce = signed(notification(sesTold('bounce', letterTo(0))));
  t.deepEqual(await ses(bounce), { status: 200, body: '' });
  t.deepEqual(await ses(bounce), { status: 200, body: '' });
  t.like(await toldOf(letterTo(0)), { bounced: true });
  t.like(await statusOf(ids[0] ?? ''), { status: 'bad', why: 'no-mailbox' });
  t.is(await auditsOf('people.address.returned'), 1);
  const complaint = signed(notification(sesTold('complaint', letterTo(1))), '1');
  t.is((await ses(complaint)).status, 200);
  t.is((await ses(complaint)).status, 200);
  t.like(await toldOf(letterTo(1)), { complained: true });
  t.is(await auditsOf('people.address.complained'), 1);
  t.is((await ses(signed(notification(sesTold('delivery', letterTo(2)))))).status, 200);
  t.like(await toldOf(letterTo(2)), { delivered: true, bounced: false });
});

test('a letter without a return path of ours is known by the Message-ID that SES sends along', async (t) => {
  const { ses, letterTo, toldOf } = await house(t);
  const told = sesTold('bounce', { from: 'parti@parti.example' });
  told.mail.headers[1].value = `<${keyOf(letterTo(0))}@parti.example>`;
  t.is((await ses(signed(notification(told)))).status, 200);
  t.like(await toldOf(letterTo(0)), { bounced: true });
});

test('a call that is forged, of another topic, garbage or huge is refused, and changes nothing', async (t) => {
  const { ses, call, letterTo, toldOf } = await house(t);
  const good = signed(notification(sesTold('bounce', letterTo(0))));
  const refusedAll = [
    { ...good, Message: `${good['Message']} ` },
    { ...good, Signature: '' },
    { ...good, Signature: 'AAAA' },
    { ...good, SignatureVersion: '3' },
    { ...good, SigningCertURL: 'https://sns.eu-west-3.amazonaws.com.evil.example/x.pem' },
    { ...good, SigningCertURL: 'http://sns.eu-west-3.amazonaws.com/x.pem' },
    { ...good, Type: 'constructor' },
    { ...good, Type: '__proto__' },
    signed({ ...notification({}), TopicArn: `${topic}2` }),
    'no json {',
    '[]',
    'null',
    '',
  ];
  for (const body of refusedAll) t.is((await ses(body)).status, 400, JSON.stringify(body));
  t.is((await ses('a'.repeat(300_000))).status, 413);
  t.is((await call('postmark', postmarkTold('bounce', letterTo(0)))).status, 400);
  t.like(await toldOf(letterTo(0)), { bounced: false });
});

test('the answer is the same for a letter that is there and one that never was', async (t) => {
  const { ses, postmark, letterTo } = await house(t);
  const there = await ses(signed(notification(sesTold('bounce', letterTo(0)))));
  const from = letterTo(0).from.replace(/[0-9a-f]{16}@/, '0000000000000000@');
  t.deepEqual(await ses(signed(notification(sesTold('bounce', { from })))), there);
  t.deepEqual(await ses(signed(notification({ notificationType: 'Bounce' }))), there);
  const unknown = { ...JSON.parse(read('postmark-bounce.json')), Metadata: { rostra: 'x' } };
  t.deepEqual(await postmark(unknown), there);
  t.deepEqual(await postmark('garbage'), there);
});

test('a topic is confirmed at Amazon alone', async (t) => {
  const { ses } = await house(t);
  const asked: Call = { ...notification({}), Type: 'SubscriptionConfirmation', Token: 'x' };
  const elsewhere = { ...asked, SubscribeURL: 'https://evil.example/?Action=ConfirmSubscription' };
  t.is((await ses(signed(elsewhere))).status, 400);
  t.true(isAmazons('https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&Token=2336'));
  for (const one of [
    'https://sns.us-west-2.amazonaws.com:8443/',
    'https://x@sns.us-west-2.amazonaws.com/',
    'https://s3.us-west-2.amazonaws.com/',
    'https://evil.s3.amazonaws.com/',
    'nothing',
  ]) {
    t.false(isAmazons(one), one);
  }
});

test('Amazon’s own example of a confirmation is read as it is signed, of the party’s topic alone', async (t) => {
  const { scope, deps } = await house(t);
  const example: Call = JSON.parse(read('sns-confirmation.json'));
  const mine = example['TopicArn'] ?? '';
  const readOf = (call: Call, topics = [mine]) =>
    readSns(scope, deps, Buffer.from(JSON.stringify(call)), topics);
  for (const version of ['1', '2']) {
    const call = await readOf(signed(example, version));
    t.is(call?.Type, 'SubscriptionConfirmation');
    t.true(isAmazons(call?.SubscribeURL ?? ''));
  }
  t.is(await readOf(signed(example), [topic]), undefined);
  t.is(await readOf({ ...signed(example), Token: 'another' }), undefined);
  // Signed by Amazon, or so it says: the certificate that it names is not ours to have.
  t.is(await readOf({ ...example, SigningCertURL: certificate }), undefined);
});

test('what SES tells without the far side’s own report is understood: no code, several readers, one it did not send to', async (t) => {
  const { ses, letterTo, toldOf, statusOf, ids } = await house(t);
  await ses(signed(notification(sesTold('bounce-bare', letterTo(0)))));
  t.like(await statusOf(ids[0] ?? ''), { status: 'bad', why: 'no-mailbox' });
  // https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Complaint.html: they complained of an earlier letter.
  const told = sesTold('complaint', letterTo(1));
  const { complaintFeedbackType: _, userAgent: __, ...bare } = told.complaint;
  told.complaint = { ...bare, complaintSubType: 'OnAccountSuppressionList' };
  await ses(signed(notification(told)));
  t.like(await toldOf(letterTo(1)), { complained: true });
  const undetermined = sesTold('bounce-bare', letterTo(2));
  undetermined.bounce = {
    ...undetermined.bounce,
    bounceType: 'Undetermined',
    bounceSubType: 'Undetermined',
  };
  await ses(signed(notification(undetermined)));
  t.like(await toldOf(letterTo(2)), { bounced: true });
  t.like(await statusOf(ids[2] ?? ''), { status: 'ok' });
});

test('a letter that a receiver threw away for the sender’s DMARC is returned, and its reader’s address stays', async (t) => {
  const { postmark, letterTo, toldOf, statusOf, ids } = await house(t);
  const told = { ...postmarkTold('bounce', letterTo(0)), Type: 'DMARCPolicy', TypeCode: 100009 };
  t.is((await postmark(told)).status, 200);
  t.like(await toldOf(letterTo(0)), { bounced: true });
  t.like(await statusOf(ids[0] ?? ''), { status: 'ok' });
});

test('what Postmark tells is kept, once, by whoever has the password', async (t) => {
  const { postmark, call, letterTo, toldOf, statusOf, ids, auditsOf } = await house(t);
  const bounce = postmarkTold('bounce', letterTo(0));
  t.is((await postmark(bounce, 'un secret de seizf')).status, 400);
  t.like(await toldOf(letterTo(0)), { bounced: false });
  t.is((await postmark(bounce)).status, 200);
  t.is((await call('postmark', bounce, { 'X-Rostra-Token': postmarkSecret })).status, 200);
  t.like(await statusOf(ids[0] ?? ''), { status: 'bad', why: 'no-mailbox' });
  t.is(await auditsOf('people.address.returned'), 1);
  t.is((await postmark(postmarkTold('complaint', letterTo(1)))).status, 200);
  t.like(await toldOf(letterTo(1)), { complained: true });
  t.is((await postmark(postmarkTold('delivery', letterTo(2)))).status, 200);
  t.like(await toldOf(letterTo(2)), { delivered: true });
  const change = {
    ...postmarkTold('subscription', letterTo(2)),
    SuppressionReason: 'SpamComplaint',
  };
  t.is((await postmark({ ...change, SuppressSending: false })).status, 200);
  t.like(await toldOf(letterTo(2)), { complained: false });
  t.is((await postmark(change)).status, 200);
  t.like(await toldOf(letterTo(2)), { complained: true });
});

test('a letter carries its key for Postmark', async (t) => {
  const { letterTo } = await house(t);
  t.regex(letterTo(0).source, new RegExp(`^X-PM-Metadata-rostra: ${keyOf(letterTo(0))}`, 'im'));
});

test('where nothing is set, there is no such address', async (t) => {
  const { app } = await scene(t, {});
  for (const path of ['ses', 'postmark']) {
    const answer = await fetch(`${app.url}/hooks/email/${path}`, { method: 'POST', body: '{}' });
    t.is(answer.status, 404);
  }
});
