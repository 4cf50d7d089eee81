// The list of people, and what is done to many of them at once.
import { type Context, permit, type Router, type Scope } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import {
  type Cursor,
  countList,
  findListIds,
  findListPage,
  type ListFilters,
  type ListRow,
} from '../list.sql.ts';
import { countedOf } from '../list-filter.ts';
import { findNewsletters } from '../newsletter.sql.ts';
import { displayName } from '../person.ts';
import { BulkSchema, channels, ListSchema, relations } from '../schemas.ts';
import { findUsedTags } from '../tag.sql.ts';
import { tagPeople } from '../tag.ts';
import { attempt } from './forms.ts';

const size = 50;
const bulkBatch = 1_000;

export function listRoutes(router: Router, deps: Deps): void {
  router.get('/', permit('people.person.read'), showList);
  router.post('/bulk', permit('people.person.edit'), async (ctx) => {
    const form = await ctx.form(BulkSchema);
    const values = form.ok ? form.value : {};
    const filters = filtersOf(values);
    if (!form.ok || (!values.all && !values.person?.length)) {
      return ctx.done(`/admin/people${query(filters)}`, 'people.bulk.nobody');
    }
    if (values.act === 'export') return leadToExport(ctx, values);
    const counts = { people: 0 };
    const faults = await attempt(ctx, async () => {
      for await (const ids of batches(ctx.scope, filters, values)) {
        counts.people += await tagPeople(ctx.scope, deps, ids, values.label ?? '');
      }
    });
    const [fault] = Object.values(faults);
    const message = fault ? 'people.bulk.no-tag' : 'people.bulk.tagged';
    return ctx.done(`/admin/people${query(filters)}`, message, { ...counts, tag: values.label });
  });
}

async function showList(ctx: Context): Promise<void> {
  const { scope } = ctx;
  const values = ctx.filters(ListSchema);
  const filters = filtersOf(values);
  const after = readCursor(values.after);
  const before = after ? undefined : readCursor(values.before);
  const rows = await findListPage(scope, filters, { after, before, size: size + 1 });
  const count = rows[0]?.found ?? (await countList(scope, filters, countedOf(filters) + 1));
  const tags = await findUsedTags(scope, 100);
  const newsletters = await findNewsletters(scope);
  const { shown, next, previous } = cut(rows, { after, before });
  await ctx.render('list', {
    filters,
    people: shown.map((row) => ({ ...row, name: nameOf(row) })),
    count,
    isMore: count > countedOf(filters),
    isFiltered: Object.keys(filters).some((key) => key !== 'sort'),
    tags,
    newsletters,
    chips: chipsOf(scope, filters),
    query,
    next: next && query({ ...filters, after: next }),
    previous: previous && query({ ...filters, before: previous }),
  });
}

/** One row more than is shown tells whether there is a further page. */
function cut(rows: ListRow[], { after, before }: { after?: Cursor; before?: Cursor }) {
  const isMore = rows.length > size;
  const shown = before ? rows.slice(isMore ? 1 : 0) : rows.slice(0, size);
  const hasNext = before ? true : isMore;
  const hasPrevious = before ? isMore : after !== undefined;
  return {
    shown,
    next: hasNext ? writeCursor(shown.at(-1)) : undefined,
    previous: hasPrevious ? writeCursor(shown[0]) : undefined,
  };
}

function writeCursor(row: ListRow | undefined): string | undefined {
  return row && Buffer.from(JSON.stringify([row.cursor, row.id])).toString('base64url');
}

function readCursor(text: string | undefined): Cursor | undefined {
  try {
    const [key, id] = JSON.parse(Buffer.from(text ?? '', 'base64url').toString());
    return typeof key === 'string' && /^\d{1,18}$/.test(id) ? { key, id } : undefined;
  } catch {
    return undefined;
  }
}

export function filtersOf(values: ListFilters): ListFilters {
  const { q, relation, tag, newsletter, consent, sort } = values;
  const set = Object.entries({ q, relation, tag, newsletter, consent, sort });
  return Object.fromEntries(set.filter(([, value]) => value !== undefined && value !== ''));
}

export function query(filters: object): string {
  const set = Object.entries(filters).filter(([, value]) => value !== undefined && value !== '');
  const pairs = set.map(([key, value]): [string, string] => [key, String(value)]);
  const text = new URLSearchParams(pairs).toString();
  return text && `?${text}`;
}

export function nameOf(row: ListRow): string {
  return displayName({
    ...row,
    emailAddresses: row.emailAddress ? [row.emailAddress] : [],
    phoneNumbers: row.phoneNumber ? [row.phoneNumber] : [],
  });
}

/** Each turns one filter on, or off again. */
function chipsOf(scope: Scope, filters: ListFilters) {
  const chip = (key: 'relation' | 'consent', value: string, label: string) => {
    const on = filters[key] === value;
    return {
      label: scope.t(label),
      on,
      href: query({ ...filters, [key]: on ? undefined : value }),
    };
  };
  return [
    ...relations.map((kind) => chip('relation', kind, `people.relation.${kind}`)),
    ...channels
      .slice(0, 2)
      .map((channel) => chip('consent', channel, `people.filter.consent.${channel}`)),
  ];
}

interface Picked extends ListFilters {
  person?: string[];
  all?: boolean;
}

function leadToExport(ctx: Context, values: Picked): void {
  const chosen = values.all ? filtersOf(values) : { ids: values.person?.join(',') };
  ctx.done(`/admin/people/export${query(chosen)}`, 'people.export.choose');
}

/** The ticked ones, or all that the filters show. */
async function* batches(
  scope: Scope,
  filters: ListFilters,
  { person = [], all }: Picked,
): AsyncIterable<string[]> {
  if (!all) return yield person;
  for (let after = '0'; ; ) {
    const ids = await findListIds(scope, filters, after, bulkBatch);
    if (ids.length > 0) yield ids;
    if (ids.length < bulkBatch) return;
    after = ids.at(-1) ?? after;
  }
}
