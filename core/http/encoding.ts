// Which of our ready encodings a reader takes.

export type Encoding = 'br' | 'gzip' | 'identity';

const known = new Map<string, Encoding>();

/** Remembers what it worked out: there are few different headers, and this runs for each kept page. */
export function encodingFor(header: string | string[] | undefined): Encoding {
  if (header === undefined || header === '') return 'identity';
  const line = typeof header === 'string' ? header : header.join(',');
  const before = known.get(line);
  if (before) return before;
  if (known.size > 500) known.clear();
  const chosen = choose(line);
  if (line.length < 200) known.set(line, chosen);
  return chosen;
}

function choose(line: string): Encoding {
  const weights = new Map<string, number>();
  for (const part of line.toLowerCase().split(',')) {
    const [name = '', ...params] = part.split(';').map((text) => text.trim());
    const q = params.find((param) => param.startsWith('q='));
    weights.set(name, q ? Number(q.slice(2)) || 0 : 1);
  }
  const takes = (name: string): boolean => (weights.get(name) ?? weights.get('*') ?? 0) > 0;
  if (takes('br')) return 'br';
  return takes('gzip') ? 'gzip' : 'identity';
}
