// What a theme designer may override, and the data that each view is given, read from the views themselves.
import { basename, join } from 'node:path';
import { root } from '../manifests.ts';
import { filesOf, read } from '../testing/tree.ts';
import { defaultTokens, lookCss } from '../theme/look.ts';
import { declarationsIn } from './declarations.ts';
import { code, codeOf, note, table } from './markdown.ts';

export function viewsPage(): string {
  const site = [
    ...viewsBelow(/^core\/http\/views\/([\w-]+)\.eta$/, 'http'),
    ...viewsBelow(/^plugins\/([\w-]+)\/views\/site\/((?!partials)[\w/-]+)\.eta$/),
  ];
  const mail = [
    ...viewsBelow(/^core\/(\w+)\/views\/mail\/([\w-]+)\.eta$/),
    ...viewsBelow(/^plugins\/([\w-]+)\/views\/mail\/([\w-]+)\.eta$/),
  ];
  const own = viewsBelow(/^plugins\/([\w-]+)\/views\/(?:site|mail)\/partials\/([\w-]+)\.eta$/);
  const heads = ['view', 'put it at', 'data on `it`'];
  return [
    '# Views, partials, helpers and tokens',
    note,
    'What a theme may put in its own folder to take the place of what stands there. The data is what today’s views use; a release may add, and takes away only with a new first number of the version.',
    '## Views of the site',
    table(
      heads,
      site.map((one) => rowOf(one, `views/${one.owner}/${one.name}.eta`)),
    ),
    '## Mails',
    'A mail tells its subject with `it.subject(…)`; without one it is not sent.',
    table(
      heads,
      mail.map((one) => rowOf(one, `views/${one.owner}/mail/${one.name}.eta`)),
    ),
    '## The frame',
    table(heads.slice(1), [
      ['`layout.eta`', code(dataOf('themes/plain/layout.eta'))],
      ['`mail.eta`', code(dataOf('themes/plain/mail.eta'))],
      ['`assets/theme.css`', 'after `plain`’s own stylesheet'],
      ['`mail.css`', 'written onto the tags of each mail'],
    ]),
    'Whatever a view told with `it.head({…})` stands on `it` in the layout: `title`, `description`, `canonical`, `noindex`, `og`. `it.body` is the page. `it.site` is:',
    codeOf(textOf('core/plugin.ts', 'SiteFrame')),
    '## Partials',
    '`it.part(name, data)` draws one. A theme may override each and add its own.',
    table(heads, [
      ...viewsBelow(/^themes\/(plain)\/partials\/([\w-]+)\.eta$/).map((one) =>
        rowOf(one, `partials/${one.name}.eta`),
      ),
      ...own.map((one) => rowOf(one, `partials/${one.name}.eta`)),
    ]),
    '## Helpers',
    'On `it` in every view, with `it.locale` and `it.organization`:',
    codeOf(textOf('core/theme/helpers.ts', 'Helpers')),
    '## Tokens',
    'In `tokens` of theme.json, and changed by the party in the browser. A token of your own, `likeThis`, becomes `--like-this`.',
    table(
      ['token', 'if left out'],
      Object.entries(defaultTokens).map(([name, value]) => [code(name), code(value)]),
    ),
    `Stylesheets use what is made of them, light and dark, always readable on each other: ${code(propertiesOf())}.`,
  ].join('\n\n');
}

interface View {
  owner: string;
  name: string;
  file: string;
}

function viewsBelow(pattern: RegExp, owner?: string): View[] {
  return filesOf(pattern).map((file) => {
    const [, first = '', second] = pattern.exec(file) ?? [];
    return { owner: owner ?? first, name: second ?? basename(file, '.eta'), file };
  });
}

function rowOf({ owner, name, file }: View, place: string): string[] {
  return [code(owner === 'plain' ? name : `${owner}/${name}`), code(place), code(dataOf(file))];
}

function textOf(file: string, name: string): string {
  return declarationsIn(join(root, file)).find((one) => one.name === name)?.text ?? '';
}

function propertiesOf(): string[] {
  const all = lookCss(defaultTokens).matchAll(/^\s*(--[\w-]+):/gm);
  return [...new Set([...all].map(([, name = '']) => name))];
}

const helpers = new Set(
  [...textOf('core/theme/helpers.ts', 'Helpers').matchAll(/^ {2}(\w+)\(/gm)].map(
    ([, name]) => name,
  ),
);
/** A member of every list, no data of ours. */
const builtIn = /\.length$/;

/** `page.title`, and `posts[].title` of what is gone through one by one. */
export function dataOf(file: string): string[] {
  const text = read(file).replace(/'[^'\n]*'/g, "''");
  const names = new Map([['it', '']]);
  const known = (path: string): string | undefined => {
    const [first = '', ...rest] = path.split('.');
    const base = names.get(first);
    return base === undefined ? undefined : [base, ...rest].filter(Boolean).join('.');
  };
  for (const [, name = '', one, many] of text.matchAll(
    /const (\w+) (?:= (it\.[\w.]+)(?! *\()|of \(?(it\.[\w.]+))(?=\)| \?\?|;|\n| %)/g,
  )) {
    const path = known(one ?? many ?? '');
    if (path && !helpers.has(path)) names.set(name, many ? `${path}[]` : path);
  }
  const found = new Set<string>();
  for (const [, list = '', from = ''] of text.matchAll(
    /const \{ ([\w, ]+) \} = (it(?:\.[\w.]+)?)/g,
  )) {
    for (const name of list.split(', ')) {
      const path = known(`${from}.${name}`) ?? name;
      names.set(name, path);
      found.add(path);
    }
  }
  const words = [...names.keys()].join('|');
  for (const [whole, isCall] of text.matchAll(
    new RegExp(`(?<![\\w.'])(?:${words})(?:\\.\\w+)+(\\()?`, 'g'),
  )) {
    const spoken = isCall ? whole.slice(0, whole.lastIndexOf('.')) : whole;
    const path = known(spoken)?.replace(builtIn, '');
    if (path && !helpers.has(path.split('.')[0])) found.add(path);
  }
  const surroundings = /^(locale|organization|subject|body|theme$)/;
  return [...found].filter((path) => !surroundings.test(path)).sort();
}
