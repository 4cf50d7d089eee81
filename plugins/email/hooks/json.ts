// What stands in an answer whose shape nobody vouches for.
export type Json = unknown;

export function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function at(json: Json, ...path: string[]): Json {
  let found = json;
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name))
      return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

/** Empty where there is no text. */
export function textAt(json: Json, ...path: string[]): string {
  const found = at(json, ...path);
  return typeof found === 'string' ? found : '';
}

export function listAt(json: Json, ...path: string[]): Json[] {
  const found = at(json, ...path);
  return Array.isArray(found) ? found : [];
}
