// Which tables and columns there are, with what is said of them in the database itself.
import type { Db } from '../database/connect.ts';

export interface ColumnRow {
  schema: string;
  table: string;
  tableComment: string | null;
  secured: boolean;
  column: string;
  type: string;
  required: boolean;
  fallback: string | null;
  comment: string | null;
}

export async function findColumns(db: Db): Promise<ColumnRow[]> {
  const { rows } = await db.raw(
    `select n.nspname as schema, c.relname as "table", obj_description(c.oid, 'pg_class') as "tableComment",
       c.relrowsecurity as secured, a.attname as "column", format_type(a.atttypid, a.atttypmod) as type,
       a.attnotnull as required, pg_get_expr(d.adbin, d.adrelid) as fallback,
       col_description(c.oid, a.attnum) as comment
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where c.relkind in ('r', 'p')
       and n.nspname not in ('pg_catalog', 'information_schema', 'graphile_worker', 'public')
     order by n.nspname = 'core' desc, n.nspname, c.relname, a.attnum`,
  );
  return rows;
}

export interface ConstraintRow {
  schema: string;
  table: string;
  text: string;
}

/** Keys and checks; that a column may not be empty stands beside the column. */
export async function findConstraints(db: Db): Promise<ConstraintRow[]> {
  const { rows } = await db.raw(
    `select n.nspname as schema, c.relname as "table", pg_get_constraintdef(k.oid) as text
     from pg_constraint k
     join pg_class c on c.oid = k.conrelid
     join pg_namespace n on n.oid = c.relnamespace
     where k.contype in ('p', 'u', 'f', 'c')
       and n.nspname not in ('pg_catalog', 'information_schema', 'graphile_worker', 'public')
     order by n.nspname, c.relname, array_position(array['p', 'u', 'f', 'c']::"char"[], k.contype), text`,
  );
  return rows;
}
