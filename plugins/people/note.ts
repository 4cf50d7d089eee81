// Notes that staff write on a person, and take away again.
import { notFound, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { holdPerson } from './person.sql.ts';
import { deleteNote, insertNote } from './story.sql.ts';

export function writeNote(
  scope: Scope,
  deps: Deps,
  personId: string,
  text: string,
): Promise<string> {
  return scope.write(async (own) => {
    const person = await holdPerson(own, personId);
    if (!person) throw notFound('person', personId);
    const id = await insertNote(own, person.id, text);
    await deps.audit.record(own, {
      act: 'note.written',
      subject: { type: 'person', id: person.id },
      personId: person.id,
    });
    return id;
  });
}

export function removeNote(
  scope: Scope,
  deps: Deps,
  personId: string,
  noteId: string,
): Promise<void> {
  return scope.write(async (own) => {
    if ((await deleteNote(own, personId, noteId)) === 0) throw notFound('note', noteId);
    await deps.audit.record(own, {
      act: 'note.removed',
      subject: { type: 'person', id: personId },
      personId,
    });
  });
}
