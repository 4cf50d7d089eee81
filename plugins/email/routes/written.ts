// What stands in the form of a letter: read, and changed block by block, so that nothing typed is lost.
import { Type } from 'rostra/plugin';
import { type Block, blocksMost, type Content, kinds } from '../content.ts';

const many = (schema: ReturnType<typeof Type.String>) =>
  Type.Optional(Type.Array(schema, { maxItems: blocksMost }));
const about = many(Type.String({ maxLength: 20 }));

/** Of its words; each list has as many as there are blocks. */
export const wordFields = {
  subject: Type.String({ maxLength: 200 }),
  preheader: Type.Optional(Type.String({ maxLength: 200 })),
  kind: about,
  picture: about,
  text: many(Type.String({ maxLength: 5000 })),
  href: many(Type.String({ maxLength: 2000 })),
  do: Type.Optional(
    Type.String({ pattern: '^(save|next|test|add|(up|down|copy|remove)-\\d{1,2})$' }),
  ),
};

export const blankBlocks: Block[] = [{ kind: 'paragraph', text: '', href: '' }];

/** Of a picture its id alone: what it is like is looked up. */
export function contentIn(values: Record<string, unknown>): Content {
  const list = (name: string): string[] => [values[name] ?? []].flat().map(String);
  const [kind, text, href, picture] = ['kind', 'text', 'href', 'picture'].map(list);
  const word = (name: string) => String(values[name] ?? '');
  const blocks = text?.slice(0, blocksMost).map((words, at) => {
    const id = picture?.[at] ?? '';
    return {
      ...{ text: words, href: href?.[at] ?? '', kind: kindOf(kind?.[at]) },
      ...(/^[1-9]\d*$/.test(id) && { picture: { id, href: '', width: 1, height: 1 } }),
    };
  });
  return { subject: word('subject'), preheader: word('preheader'), blocks: blocks ?? [] };
}

const kindOf = (word: string | undefined): Block['kind'] =>
  kinds.find((kind) => kind === word) ?? 'paragraph';

/** `add`, `up-2`, `down-0`, `copy-1`, `remove-1`. */
export function changed(blocks: readonly Block[], act: string): Block[] {
  const [verb, place] = act.split('-');
  const at = Number(place);
  const one = blocks[at];
  const hasRoom = blocks.length < blocksMost;
  if (verb === 'add') return hasRoom ? [...blocks, ...blankBlocks] : [...blocks];
  if (!one) return [...blocks];
  if (verb === 'copy') return hasRoom ? blocks.toSpliced(at + 1, 0, { ...one }) : [...blocks];
  const others = blocks.toSpliced(at, 1);
  if (verb === 'remove') return others;
  const to = verb === 'down' ? at + 1 : Math.max(0, at - 1);
  return others.toSpliced(to, 0, one);
}
