// The question mark and what follows, of the filters that are set.

export function queryOf(filters: object): string {
  const set = Object.entries(filters).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, String(value)] as [string, string]],
  );
  return set.length > 0 ? `?${new URLSearchParams(set)}` : '';
}
