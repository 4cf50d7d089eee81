// The pipeline alone, with a page of usual size: measured while the real server has no home page to keep.
import { router } from '../core/http/context.ts';
import { makeFixture } from '../core/http/fixture.ts';

const text = Array.from({ length: 160 }, (_, at) => `${at}: pour une ville où l’on respire. `);
const site = router();
site.get('/', async (ctx) => {
  ctx.keep();
  await ctx.render('home', { text: text.join('').repeat(2) });
});

const { port } = await makeFixture({ teardown: () => {} }, { plugins: { website: { site } } });
process.stdout.write(`Rostra is ready at http://127.0.0.1:${port};\n`);
process.on('SIGTERM', () => process.exit(0));
