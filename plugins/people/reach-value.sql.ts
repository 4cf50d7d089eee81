// Of each thing that an answer turns on, in SQL, the place of a person's value.
import { isBirthDirect, isTagDirect, isWayDirect } from './reach-origin.sql.ts';
import type { Dimension, Plan } from './reach-plan.ts';

/** `how`: of some people alone, or of all. */
export function valueOf(plan: Plan, name: Dimension['name'], how: string | undefined): string {
  switch (name) {
    case 'word':
      return wordOf('word', how, {
        claimed: plan.act.channel === 'email' || plan.act.channel === 'sms',
        ...(plan.confirming.word.length > 0 && { confirmed: 'confirmWord' }),
      });
    case 'targeting':
      return wordOf('target', how, {
        ...(plan.confirming.targeting.length > 0 && { confirmed: 'confirmTarget' }),
      });
    case 'age': {
      const steps = plan.ages.map(
        (_, index) => `when p.birth_date > cast(:born${index} as date) then ${index + 1}`,
      );
      return `case when p.birth_date is null then 0 ${steps.join(' ')} else ${plan.ages.length + 1} end`;
    }
    case 'isSubscribed':
      return '(letter.person_id is not null)::int';
    case 'isWayDirect':
      return `(${isWayDirect(plan.act)})::int`;
    case 'isTagDirect':
      return `(${isTagDirect})::int`;
    case 'isBirthDirect':
      return `(${isBirthDirect})::int`;
    case 'isInformed':
      return '(p.source = any (cast(:direct as text[])))::int';
    case 'isRegular':
      return `coalesce(relation.kind <> 'occasional_contact', false)::int`;
    case 'hasWindow':
      return `(exists (select from people.consent_detail d
        where d.consent_id = word.yes and d.evidence ->> 'window' ~ :hours))::int`;
  }
}

/** As `words` has them. */
function wordOf(
  name: string,
  how: string | undefined,
  asked: { claimed?: boolean; confirmed?: string },
): string {
  // Looked up only where the law minds it; "offset 0": of some people alone the planner would still read all.
  const yes = asked.confirmed
    ? `case when law.class = any (cast(:${asked.confirmed} as int[])) and exists (select from people.consent_detail d
        where d.consent_id = ${name}.yes and d.evidence ->> 'confirmedAt' is not null${how ? ' offset 0' : ''}) then 4 else 3 end`
    : '3';
  const claimed = asked.claimed ? 'when claim.person_id is not null then 2' : '';
  return `case when ${name}.yes > coalesce(${name}.no, 0) then ${yes} when ${name}.no is not null then 1
    ${claimed} else 0 end`;
}
