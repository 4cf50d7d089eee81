// Days: today's where the organization is, and when the law of a day is asked.
import { dayOf, type Scope } from 'rostra/plugin';

/** ISO date. */
export function todayOf(scope: Scope): string {
  return dayOf(scope.now(), scope.organization.timeZone);
}

/** The law of a day is asked at its noon, which is that day wherever the recipient is. */
export function actOf(day: string): Date {
  return new Date(`${day}T12:00:00Z`);
}
