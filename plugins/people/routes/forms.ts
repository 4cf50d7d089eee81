// What all routes of people share: reading an address, showing a fault beside its field.
import { type Context, type Fault, isAppError, notFound } from 'rostra/plugin';
import { findPerson, type PersonRow } from '../person.sql.ts';
import { displayName } from '../person.ts';

export type Faults = Record<string, string>;

/** Runs the act; what does not fit comes back field by field, in the reader's language. */
export async function attempt(ctx: Context, act: () => Promise<unknown>): Promise<Faults> {
  try {
    await act();
    return {};
  } catch (error) {
    if (!isAppError(error) || !isSaid(error.code)) throw error;
    return faultsOf(ctx, error.code, error.details);
  }
}

const isSaid = (code: string) => code === 'core.invalid' || code === 'people.known-elsewhere';

function faultsOf(ctx: Context, code: string, details: Record<string, unknown>): Faults {
  if (code !== 'core.invalid') {
    return { emailAddress: ctx.scope.t('people.fault.known-elsewhere') };
  }
  const faults = details['faults'] as Fault[];
  return Object.fromEntries(
    faults
      .map(({ path, message, params }) => [
        path.slice(1) || 'givenName',
        ctx.scope.t(message, params),
      ])
      .reverse(),
  );
}

export function hasFaults(faults: Faults): boolean {
  return Object.keys(faults).length > 0;
}

export async function personOfPath(ctx: Context): Promise<PersonRow> {
  const id = ctx.params['id'] ?? '';
  const person = await findPerson(ctx.scope, id);
  if (!person) throw notFound('person', id);
  return person;
}

export function named(person: PersonRow): PersonRow & { name: string } {
  return { ...person, name: displayName(person) };
}

export function pageOf(person: { id: string }, below = ''): string {
  return `/admin/people/${person.id}${below}`;
}
