// Names of places and spans of time, in the reader's language, from codes.

/** `fr` is France, `us-ca` is United States (CA), a party's own `fr-union` is France (Union). */
export function jurisdictionName(locale: string, id: string): string {
  const [country = '', part] = id.toUpperCase().split('-');
  if (!/^[A-Z]{2}$/.test(country)) return id;
  const name = new Intl.DisplayNames([locale], { type: 'region' }).of(country) ?? id;
  if (!part) return name;
  return `${name} (${part.length > 3 ? part.charAt(0) + part.slice(1).toLowerCase() : part})`;
}

/** `UTC` too, which some countries begin with and the list of the world leaves out. */
export function timeZoneOptions(): { value: string; label: string }[] {
  const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
  return zones.map((value) => ({ value, label: value.replaceAll('_', ' ') }));
}

/** `fr` is français. */
export function languageName(tag: string): string {
  const name = new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}

const units = { Y: 'year', M: 'month', W: 'week', D: 'day', H: 'hour', S: 'second' } as const;

/** `P3Y` is 3 years; what is not such a duration is given back as it is. */
export function durationInWords(locale: string, duration: string): string {
  if (!/^P(?!$)(\d+[YMWD])*(T(\d+[HS])+)?$/.test(duration)) return duration;
  const parts = [...duration.matchAll(/(\d+)([YMWDHS])/g)].map(([, count, unit]) => {
    const options = { style: 'unit', unit: units[unit as keyof typeof units] } as const;
    return new Intl.NumberFormat(locale, { ...options, unitDisplay: 'long' }).format(Number(count));
  });
  return new Intl.ListFormat(locale, { type: 'unit' }).format(parts);
}
