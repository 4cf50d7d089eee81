import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { until } from '../testing/until.ts';
import { Type } from '../type.ts';
import { type Context, router } from './context.ts';
import { type Fixture, makeFixture } from './fixture.ts';
import { sweepUploads } from './upload.ts';

const Schema = Type.Object({
  email: Type.String({ format: 'email' }),
  age: Type.Optional(Type.Integer({ minimum: 16 })),
  news: Type.Boolean(),
  tags: Type.Array(Type.String()),
});

/** A site whose page says what its form has read. */
function formPlugin(maxFileBytes = 1024 * 1024) {
  const answer = async (ctx: Context) => {
    const form = await ctx.form(Schema, { maxFileBytes });
    const files = form.files.map((file) => ({ ...file, text: readFileSync(file.path, 'utf8') }));
    if (!form.ok) return ctx.render('form', { ...form, files }, 422);
    ctx.body = { ...form, files };
  };
  const site = router();
  site.post('/form', answer);
  site.get('/list', (ctx) => {
    const page = Type.Integer({ default: 1, minimum: 1 });
    const all = Type.Boolean({ default: true });
    ctx.body = ctx.filters(Type.Object({ page, all, q: Type.String({ default: '' }) }));
  });
  const api = router();
  api.post('/form', answer);
  return { plugins: { web: { site, api } } };
}

const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' };
const post = (
  { send }: Fixture,
  body: string | Buffer,
  headers: Record<string, string> = urlencoded,
) => send({ method: 'POST', path: '/form', headers, body });

function multipart(parts: { name: string; file?: string; text: string }[], end = '--x--\r\n') {
  const written = parts.map(({ name, file, text }) => {
    const named = file === undefined ? '' : `; filename="${file}"\r\nContent-Type: text/csv`;
    return `--x\r\nContent-Disposition: form-data; name="${name}"${named}\r\n\r\n${text}\r\n`;
  });
  return written.join('') + end;
}
const inParts = { 'content-type': 'multipart/form-data; boundary=x' };
const whole = [
  { name: 'email', text: 'a@b.example' },
  { name: 'news', text: 'on' },
];
const uploads = (fixture: Fixture) => {
  const folder = path.join(fixture.data, 'tmp');
  return existsSync(folder) ? readdirSync(folder) : [];
};
const filesBecome = (fixture: Fixture, count: number) =>
  until(() => uploads(fixture).length === count);

test('fields come as their schema’s types; boxes and lists as a browser sends them', async (t) => {
  const fixture = await makeFixture(t, formPlugin());
  const ticked = await post(fixture, 'email=a%40b.example&age=17&news=on&tags=a');
  t.deepEqual(JSON.parse(ticked.text).value, {
    ...{ email: 'a@b.example', age: 17, news: true, tags: ['a'] },
  });
  const bare = await post(fixture, 'email=a%40b.example&age=&tags[]=a&tags[]=b');
  t.deepEqual(JSON.parse(bare.text).value, {
    ...{ email: 'a@b.example', news: false, tags: ['a', 'b'] },
  });
});

test('a fault is said beside its field in the reader’s language, and what was typed is still there', async (t) => {
  const fixture = await makeFixture(t, formPlugin());
  const { status, text } = await post(fixture, 'email=nobody&age=12&news=on');
  t.is(status, 422);
  t.true(text.includes('"values":{"email":"nobody","age":"12","news":"on"}'));
  t.regex(text, /"faults":{.*"email":"fr:validate.email"/);
  t.regex(text, /"age":"fr:validate.too-small/);
});

test('the API answers a fault as problem+json', async (t) => {
  const { send } = await makeFixture(t, formPlugin());
  const headers = { 'content-type': 'application/json' };
  const body = '{"email":"nobody","news":true,"tags":[]}';
  const got = await send({ method: 'POST', path: '/api/v1/web/form', headers, body });
  t.is(got.status, 422);
  const [fault] = JSON.parse(got.text).faults;
  t.deepEqual(fault, { path: '/email', message: 'fr:validate.email' });
});

const broken: [string, string | Buffer, Record<string, string>, number][] = [
  ['JSON that breaks off', '{"email":', { 'content-type': 'application/json' }, 400],
  ['JSON that is a list', '[1]', { 'content-type': 'application/json' }, 400],
  [
    'JSON in Latin-1',
    Buffer.from('{"email":"\xe9"}', 'latin1'),
    { 'content-type': 'application/json' },
    400,
  ],
  ['a form in Latin-1', 'email=%E9', urlencoded, 400],
  ['a form with a broken escape', 'email=%zz', urlencoded, 400],
  ['a form of 2 MiB', 'a'.repeat(2 * 1024 * 1024), urlencoded, 413],
  ['multipart without boundary', 'x', { 'content-type': 'multipart/form-data' }, 400],
  ['multipart that breaks off', multipart(whole, '--x\r\nContent-Disp'), inParts, 400],
  ['a type that we do not read', 'x', { 'content-type': 'text/plain' }, 415],
  [
    '2,001 fields',
    multipart(Array.from({ length: 2_001 }, () => ({ name: 'a', text: '' }))),
    inParts,
    413,
  ],
  ['a field of 2 MiB', multipart([{ name: 'a', text: 'a'.repeat(2 * 1024 * 1024) }]), inParts, 413],
];

for (const [what, body, headers, status] of broken) {
  test(`${what} is refused with ${status}, and the server goes on`, async (t) => {
    const fixture = await makeFixture(t, formPlugin());
    t.is((await post(fixture, body, headers)).status, status);
    t.is((await post(fixture, 'email=a%40b.example')).status, 200);
  });
}

test('a file lies on the disk until the answer is sent', async (t) => {
  const fixture = await makeFixture(t, formPlugin());
  const parts = [
    ...whole,
    { name: 'list', file: '../été.csv', text: 'a;b' },
    { name: 'none', file: '', text: '' },
  ];
  const { files } = JSON.parse((await post(fixture, multipart(parts), inParts)).text);
  t.is(files.length, 1);
  t.like(files[0], { field: 'list', name: 'été.csv', type: 'text/csv', bytes: 3, text: 'a;b' });
  t.true(await filesBecome(fixture, 0));
});

test('a file too large is a fault beside its field, 413, and nothing of it stays', async (t) => {
  const fixture = await makeFixture(t, formPlugin(1024 * 1024));
  const text = 'a'.repeat(3 * 1024 * 1024);
  const { status, text: page } = await post(
    fixture,
    multipart([...whole, { name: 'list', file: 'a.csv', text }]),
    inParts,
  );
  t.is(status, 413);
  t.regex(page, /"list":"fr:http.upload.too-large{\\"megabytes\\":1}"/);
  t.true(page.includes('"email":"a@b.example"'));
  t.deepEqual(uploads(fixture), []);
});

test('a reader who leaves in the middle of an upload leaves nothing behind', async (t) => {
  const fixture = await makeFixture(t, formPlugin());
  const socket = net.connect(fixture.port, '127.0.0.1');
  const body = multipart([...whole, { name: 'list', file: 'a.csv', text: 'a'.repeat(100_000) }]);
  const head = `POST /form HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${inParts['content-type']}\r\n`;
  socket.write(`${head}Content-Length: ${body.length}\r\n\r\n${body.slice(0, 50_000)}`);
  t.true(await filesBecome(fixture, 1));
  socket.destroy();
  t.true(await filesBecome(fixture, 0));
});

test('what a killed process left of uploads goes, what is being received stays', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rostra-tmp-'));
  for (const [name, at] of [
    ['old', '2026-11-24T08:00:00Z'],
    ['new', '2026-11-24T09:30:00Z'],
  ] as const) {
    writeFileSync(path.join(folder, name), 'a;b');
    utimesSync(path.join(folder, name), new Date(at), new Date(at));
  }
  await sweepUploads(folder, new Date('2026-11-24T09:00:00Z'));
  t.deepEqual(readdirSync(folder), ['new']);
  await t.notThrowsAsync(sweepUploads(path.join(folder, 'none'), new Date('2026-11-24')));
});

test('a zero byte and a field called __proto__ do no harm', async (t) => {
  const fixture = await makeFixture(t, formPlugin());
  const { text } = await post(fixture, 'email=a%00%40b.example&__proto__=x&constructor[]=y');
  t.is(JSON.parse(text).value.email, 'a@b.example');
  t.is(Object.prototype.toString.call({}), '[object Object]');
});

test('a query that does not fit falls back to the defaults, field by field', async (t) => {
  const { get } = await makeFixture(t, formPlugin());
  t.deepEqual(JSON.parse((await get('/list?page=3&q=a')).text), { page: 3, all: true, q: 'a' });
  t.deepEqual(JSON.parse((await get('/list?page=x&all=off&q=a')).text), {
    page: 1,
    all: false,
    q: 'a',
  });
});

test('the time that a reader takes to send is not counted as the handler’s', async (t) => {
  let begin: () => void = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const site = router();
  site.post('/form', async (ctx) => {
    begin();
    ctx.body = (await ctx.form(Schema)).values;
  });
  const { port } = await makeFixture(t, { plugins: { web: { site } }, parts: { handlerMs: 300 } });
  const socket = net.connect(port, '127.0.0.1');
  const body = 'email=a%40b.example';
  const lines = ['POST /form HTTP/1.1', 'Host: 127.0.0.1', 'Connection: close'];
  lines.push('Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body.length}`);
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body.slice(0, 5)}`);
  await begun;
  await sleep(600);
  socket.write(body.slice(5));
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  t.regex(answer, /^HTTP\/1.1 200/);
});
