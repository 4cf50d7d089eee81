// Amounts as they stand in files: exact, without a thousands separator or a symbol.

/** `1234` of euros is `12.34`, and with a comma as its mark `12,34`. */
export function plainAmount(minor: number, digits: number, mark: '.' | ',' = '.'): string {
  const whole = String(Math.abs(minor)).padStart(digits + 1, '0');
  const sign = minor < 0 ? '-' : '';
  if (digits === 0) return sign + whole;
  return `${sign}${whole.slice(0, -digits)}${mark}${whole.slice(-digits)}`;
}
