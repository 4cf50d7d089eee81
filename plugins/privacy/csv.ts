// A row of CSV as any spreadsheet reads it: every cell between quotation marks.

export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${safe(cell).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

/** What a spreadsheet would run as a formula is marked (OWASP, CSV injection); a telephone number is none. */
function safe(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) && !/^[+-]?\d+$/.test(cell) ? `'${cell}` : cell;
}
