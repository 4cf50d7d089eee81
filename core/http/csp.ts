// Content security policy: strict, plus what the plugins that are on have declared.

/** Origins such as `https://js.stripe.com`. */
export interface CspSources {
  formAction?: string[];
  connect?: string[];
  img?: string[];
  frame?: string[];
  /** Only for a payment provider, whose rules want its script to come from itself. */
  script?: string[];
  /** Let in on pages that call `ctx.allow` alone, and not on all that the plugin draws. */
  onlyAllowed?: boolean;
}

const origin = /^(https?|wss?):\/\/(\*\.)?[a-z0-9.-]+(:\d{1,5})?$/i;

/** The header's value. What is not an origin is left out, so that nobody smuggles a directive in. */
export function cspOf(declared: readonly CspSources[]): string {
  const all = (kind: Exclude<keyof CspSources, 'onlyAllowed'>): string =>
    [...new Set(declared.flatMap((sources) => sources[kind] ?? []))]
      .filter((source) => origin.test(source))
      .map((source) => ` ${source}`)
      .join('');
  const frame = all('frame');
  return [
    "default-src 'none'",
    `script-src 'self'${all('script')}`,
    "style-src 'self'",
    `img-src 'self' data:${all('img')}`,
    "font-src 'self'",
    `connect-src 'self'${all('connect')}`,
    `form-action 'self'${all('formAction')}`,
    ...(frame === '' ? [] : [`frame-src${frame}`]),
    "manifest-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
