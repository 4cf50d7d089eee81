// Rows of the database and values of the code: where one says null, the other has nothing.

/** A row as the code has it; in `numbers` stand the columns that the driver answers as text, for they could be larger than a number. */
export function fromRow<Shape>(
  row: Record<string, unknown>,
  numbers: readonly (keyof Shape & string)[] = [],
): Shape {
  const entries = Object.entries(row).map(([key, value]) => {
    const isNumber = value !== null && (numbers as readonly string[]).includes(key);
    return [key, isNumber ? Number(value) : (value ?? undefined)];
  });
  const shape: Shape = Object.fromEntries(entries);
  return shape;
}

/** Bindings of values, some of which are not there. */
export function toRow(values: object): Record<string, string | number | boolean | null> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value ?? null]));
}
