// Who each value of a person came from, in words: the person may ask (GDPR art. 14(2)(f)), and so may staff.
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { phoneName } from './person.ts';
import { findOrigins, noteWritten, type OriginRow } from './provenance.sql.ts';

export interface Origin {
  field: string;
  value: string;
  where: string;
  at: Date;
}

export function originInWords(scope: Scope, row: OriginRow): Origin {
  const { field, at } = row;
  const where = whereOf(scope, row);
  return {
    field: scope.t(`people.field.${field}`),
    value: valueOf(scope, row),
    where: row.isMerged ? scope.t('people.origin.merged', { where }) : where,
    at,
  };
}

/** The birth date that stood there from somebody else is the person's own word too: they told it to staff. */
export function confirmTold(scope: Scope, deps: Deps, personId: string): Promise<boolean> {
  return scope.write(async (own) => {
    const field = 'birthDate';
    const found = await findOrigins(own, personId);
    if (!found.some((one) => one.field === field)) return false;
    await noteWritten(own, personId, [{ field }], { kind: 'person', reference: 'told' });
    await deps.audit.record(own, {
      ...{ act: 'person.told', personId, details: { fields: [field] } },
      subject: { type: 'person', id: personId },
    });
    return true;
  });
}

function whereOf(scope: Scope, { kind, reference, list }: OriginRow): string {
  if (kind === 'import' && list) return scope.t('people.origin.list', { list });
  const source = wordOf(scope, 'people.source', reference ?? '');
  return scope.t(`people.origin.${kind}`, { source });
}

function valueOf(scope: Scope, { field, value }: OriginRow): string {
  if (field === 'relation') return scope.t(`people.relation.${value}`);
  if (field === 'phoneNumber') return phoneName(value);
  if (field !== 'birthDate') return value;
  const style = { dateStyle: 'long', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(scope.locale, style).format(new Date(value));
}

/** A word of the program as a sentence where there is one. */
export function wordOf(scope: Scope, family: string, word: string): string {
  const key = `${family}.${word}`;
  const text = scope.t(key);
  return text === key ? word : text;
}
