// Pages of an invented party go with it, and the pictures that somebody tried there.
import test from 'ava';
import { makeApp } from 'rostra/testing';
import { findImages, insertImage } from '../image.sql.ts';
import { makeDemo } from './demo.ts';

test('a picture that was put on the site of an invented chapter goes with it, and no other', async (t) => {
  const app = await makeApp(t);
  const chapter = await app.chapter('Ohio');
  const picture = { uploadId: '1', href: '/uploads/x.png', alt: 'A heron', width: 8, height: 4 };
  for (const scope of [app.scope(), app.scope(chapter)]) await insertImage(scope, picture);
  const demo = makeDemo({ cache: { drop: async () => {} } });
  await app.scope().write((own) => {
    return demo.remove(own, { chapters: [chapter], marked: async () => [] });
  });
  t.deepEqual(await findImages(app.scope(chapter), 10), []);
  t.is((await findImages(app.scope(), 10)).length, 1);
});
