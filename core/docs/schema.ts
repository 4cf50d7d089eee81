// The tables as the reference lists them.
import type { Db } from '../database/connect.ts';
import { code, note, table } from './markdown.ts';
import { type ColumnRow, type ConstraintRow, findColumns, findConstraints } from './tables.sql.ts';

export async function schemaPage(db: Db): Promise<string> {
  const columns = await findColumns(db);
  const constraints = await findConstraints(db);
  const schemas = [...new Set(columns.map(({ schema }) => schema))];
  return [
    '# The tables',
    note,
    'As they are after all migrations of the core and of the bundled plugins; one schema a plugin. The job queue keeps its own in `graphile_worker`.',
    ...schemas.flatMap((schema) => {
      const own = columns.filter((one) => one.schema === schema);
      const names = [...new Set(own.map((one) => one.table))];
      return [`## ${schema}`, ...names.map((name) => tableOf(name, own, constraints))];
    }),
  ].join('\n\n');
}

function tableOf(name: string, all: ColumnRow[], constraints: ConstraintRow[]): string {
  const columns = all.filter((one) => one.table === name);
  const schema = columns[0]?.schema ?? '';
  const held = constraints.filter((one) => one.schema === schema && one.table === name);
  const rows = columns.map(({ column, type, required, fallback, comment }) => [
    code(column),
    type,
    required ? '' : 'may be empty',
    fallback ? code(fallback) : '',
    comment ?? '',
  ]);
  return [
    `### ${schema}.${name}`,
    ...(columns[0]?.tableComment ? [columns[0].tableComment] : []),
    ...(columns[0]?.secured ? ['Closed to other chapters by row-level security.'] : []),
    table(['column', 'type', '', 'if left out', 'what'], rows),
    ...(held.length > 0 ? [held.map(({ text }) => `- \`${text}\``).join('\n')] : []),
  ].join('\n\n');
}
