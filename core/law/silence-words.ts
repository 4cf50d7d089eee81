// An election's silence in words: which election, from when until when, by which text.
import type { Scope } from '../scope.ts';
import type { Silenced } from '../services.ts';

/** For sentences that have places for them; on the organization's clock, which its zone tells from the election's. */
export type SilenceWords = Record<'election' | 'since' | 'until' | 'source', string>;

export function silenceWords(scope: Scope, { since, until, windows }: Silenced): SilenceWords {
  const { locale, organization } = scope;
  const names = new Set(windows.map(({ round }) => round.name));
  const sources = new Set(windows.flatMap((one) => one.sources.map(({ source }) => source)));
  return {
    election: new Intl.ListFormat(locale).format(names),
    since: onClock(since, organization.timeZone, locale),
    until: onClock(until, organization.timeZone, locale),
    source: [...sources].join(' ; '),
  };
}

/** `April 11, 2027 at 20:00 GMT+2`: the reader may be elsewhere, and midnight must not look like noon. */
export function onClock(at: Date, timeZone: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    ...{ day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' },
    ...{ timeZone, timeZoneName: 'short', hourCycle: 'h23' },
  });
  // A hyphen would let the line break before the number.
  return format.format(at).replace('GMT-', 'GMT−');
}
