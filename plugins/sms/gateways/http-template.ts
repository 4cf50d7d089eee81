// Texts with `{{fields}}`, each escaped for where it stands, and fields of an answer by their path.

export const escapesOf = {
  json: (value: string): string => JSON.stringify(value).slice(1, -1),
  form: encodeURIComponent,
  text: (value: string): string => value,
  header: (value: string): string => value.replace(/[\r\n\0]/g, ' '),
};

export function fillIn(
  template: string,
  values: Readonly<Record<string, string>>,
  escape: (value: string) => string = escapesOf.json,
): string {
  return template.replace(/\{\{([a-z]+)\}\}/gi, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? whole : escape(value);
  });
}

/** `Name: value`, a line each. */
export function headersIn(
  text: string,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const lines = text.split(/\r?\n/).map((line) => /^([A-Za-z0-9-]+):\s*(.*)$/.exec(line));
  return Object.fromEntries(
    lines.flatMap((line) =>
      line
        ? [[String(line[1]).toLowerCase(), fillIn(String(line[2]), values, escapesOf.header)]]
        : [],
    ),
  );
}

/**
 * `ids.0` of a JSON object, `/id=(\w+)/` of any text, or a field of a form. `undefined` where there is none.
 */
export function fieldAt(body: string, path: string): string | undefined {
  if (path === '') return undefined;
  const source = /^\/(.+)\/$/.exec(path)?.[1];
  if (source !== undefined) return new RegExp(source).exec(body.slice(0, 4_000))?.[1];
  let at: unknown = readAny(body);
  for (const step of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return typeof at === 'string' || typeof at === 'number' ? String(at) : undefined;
}

function readAny(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return Object.fromEntries(new URLSearchParams(body));
  }
}
