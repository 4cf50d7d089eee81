// How old somebody is, and the last birth date with which one has an age.

export function ageOn(birthDate: string, day: Date): number {
  const today = day.toISOString().slice(0, 10);
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** Born on that day or before, one is so old. */
export function lastBirthDate(age: number, day: Date): string {
  const today = day.toISOString().slice(0, 10);
  const year = String(Number(today.slice(0, 4)) - age).padStart(4, '0');
  const date = `${year}${today.slice(4)}`;
  // There is a 29th of February today, and was none then.
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date) ? date : `${year}-02-28`;
}
