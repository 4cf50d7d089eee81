// How Stripe is spoken to and answers: forms with brackets in, JSON out, errors with a type and a code.

export type Params = { [name: string]: string | Params };

/** `a[b]=1&c[0]=2` as an object of objects. */
export function paramsOf(text: string): Params {
  const params: Params = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const path = name.replaceAll(']', '').split('[');
    const last = path.pop() ?? '';
    let at = params;
    for (const step of path) {
      const next = at[step];
      const inner = typeof next === 'object' ? next : {};
      at[step] = inner;
      at = inner;
    }
    at[last] = value;
  }
  return params;
}

export function textOf(params: Params, name: string): string | undefined {
  const value = params[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function listOf(params: Params, name: string): string[] {
  const value = params[name];
  if (typeof value !== 'object') return [];
  return Object.values(value).filter((one) => typeof one === 'string');
}

export function recordOf(params: Params, name: string): Record<string, string> {
  const value = params[name];
  if (typeof value !== 'object') return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, typeof one === 'string' ? one : '']),
  );
}

/** Stripe takes no parameter that it does not know. */
export function refuseUnknown(params: Params, known: readonly string[]): void {
  const stranger = Object.keys(params).find((name) => !known.includes(name));
  if (stranger) {
    throw invalidRequest(`Received unknown parameter: ${stranger}`, 'parameter_unknown', stranger);
  }
}

export function wholeOf(params: Params, name: string): number | undefined {
  const text = textOf(params, name);
  if (text === undefined) return undefined;
  if (!/^-?\d+$/.test(text)) {
    throw invalidRequest(`Invalid integer: ${text}`, 'parameter_invalid_integer', name);
  }
  return Number(text);
}

export class StripeFault extends Error {
  readonly status: number;
  readonly shown: Record<string, string>;

  constructor(status: number, type: string, message: string, more: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.shown = { type, message, ...more };
  }
}

export function invalidRequest(message: string, code: string, param?: string): StripeFault {
  const more: Record<string, string> = param === undefined ? { code } : { code, param };
  return new StripeFault(400, 'invalid_request_error', message, more);
}

export function missing(kind: string, id: string): StripeFault {
  return new StripeFault(404, 'invalid_request_error', `No such ${kind}: '${id}'`, {
    code: 'resource_missing',
    param: 'id',
  });
}

export function show(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}
