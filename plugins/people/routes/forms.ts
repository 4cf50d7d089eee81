// What all routes of people share: reading an address, showing a fault beside its field.
import { type Context, faultsOf, isAppError, notFound } from 'rostra/plugin';
import { findPerson, type PersonRow } from '../person.sql.ts';
import { displayName } from '../person.ts';

export type Faults = Record<string, string>;

/** Runs the act; what does not fit comes back field by field, in the reader's language. */
export async function attempt(ctx: Context, act: () => Promise<unknown>): Promise<Faults> {
  try {
    await act();
    return {};
  } catch (error) {
    if (isAppError(error) && error.code === 'people.known-elsewhere') {
      return { emailAddress: ctx.scope.t('people.fault.known-elsewhere') };
    }
    // What is said of the whole form stands at its first field.
    const { '': whole, ...faults } = faultsOf(ctx.scope, error);
    return { ...(whole && { givenName: whole }), ...faults };
  }
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
