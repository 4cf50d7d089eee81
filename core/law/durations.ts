// Lengths of time as the law writes them (`P1M`, `PT72H`), and which of two is the shorter.

const pattern = /^P(?:(\d+)Y|(\d+)M|(\d+)D|T(\d+)H|T(\d+)S)$/;

/** A month is counted as its mean, which orders `P30D` before `P1M` before `P31D`. */
const hoursPer = [8766, 730.5, 24, 1, 1 / 3600];

/** One unit alone, as ISO 8601 writes it. */
export function isDuration(value: unknown): value is string {
  return typeof value === 'string' && pattern.test(value);
}

/** To compare with; what falls due is reckoned on the calendar. */
export function hoursOf(duration: string): number {
  const [, ...units] = pattern.exec(duration) ?? [];
  return units.reduce((sum, unit, index) => sum + Number(unit ?? 0) * (hoursPer[index] ?? 0), 0);
}
