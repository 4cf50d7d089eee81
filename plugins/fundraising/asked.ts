// What a donor on a page is asked: what the law wants of a gift of that size, each thing once.
import type { Scope } from 'rostra/plugin';
import { type Choice, declares, nothing, qualityOf, questionsOf } from './gift-form.ts';
import { isCounted, pathOfField, type Till, wantedFields } from './till.ts';

export interface Asked {
  /** Of what the law lets only some people give; one of them must hold. */
  qualities: Choice[];
  excluded: Choice[];
  declarations: Choice[];
  /** Names of the form's fields beside name and e-mail. */
  wanted: string[];
  /** Told with the boxes, e.g. that the donor is looked up afterwards. */
  isVerified: boolean;
}

/** On a page a person gives, by their own means: these are of bodies, which write to the treasurer. */
const ofBodies = new Set([
  ...['corporation', 'union', 'national_bank', 'public_company', 'pass_through_association'],
  ...['foreign_state', 'foreign_body', 'foreign_government', 'untaxed_foreign_body'],
  ...['cooperative', 'government_company', 'registered_body'],
]);
const ownWords = new Set([
  ...['citizen', 'permanent_resident', 'elector', 'nationality', 'residence'],
  ...['candidate_or_list_member', 'federal_contractor', 'foreign_donor', 'straw_man'],
  ...['foreign_source', 'public_concession_holder', 'adult_not_on_roll'],
]);

/** Without an amount as of the least gift. */
export function askedOf(scope: Scope, till: Till, amountMinor = 1): Asked {
  const { donors, attest, recipient } = till;
  if (!isCounted(till, { amountMinor })) {
    return { qualities: [], excluded: [], declarations: [], wanted: [], isVerified: false };
  }
  const words = attest.value ?? [];
  const wanted = wantedFields(till, { amountMinor, donorType: 'natural_person' }, nothing)
    .map((word) => pathOfField[word] ?? '')
    .filter(Boolean);
  const open = (donors.value?.anyOf ?? []).filter((clause) => !declares(words, clause));
  const isOpen = (quality: string): boolean => {
    const [word = ''] = quality.split(':');
    if (word === 'nationality') return !wanted.includes('nationality');
    if (word === 'residence') return !wanted.includes('line1');
    return !ofBodies.has(word);
  };
  // Somebody on the list may give to the party, and puts their own money into their own campaign.
  const isList = (word: string) => word === 'candidate_or_list_member';
  const never = (donors.value?.never ?? []).filter(
    (word) =>
      !ofBodies.has(word) &&
      !words.includes(`not_${word}`) &&
      (!isList(word) || recipient.kind === 'candidate'),
  );
  const qualities = [...new Set(open.flat())].filter(isOpen);
  return {
    qualities: qualities.map((value) => ({ value, label: sayIn(scope, 'am', value) })),
    excluded: never.map((value) => ({ value, label: sayIn(scope, 'am', value) })),
    declarations: questionsOf(scope, till).declarations,
    wanted,
    isVerified: scope.law.rule('money.verify').value !== undefined,
  };
}

/** `French nationals or people who live in France`; `undefined` where the law lets everybody. */
export function whoMayGive(scope: Scope, { donors }: Till): string | undefined {
  const words = [...new Set(donors.value?.anyOf.flat())].filter(
    (quality) => !ofBodies.has(quality.split(':')[0] ?? ''),
  );
  if (words.length === 0) return undefined;
  const list = new Intl.ListFormat(scope.locale, { type: 'disjunction' });
  return list.format(words.map((quality) => sayIn(scope, 'may', quality)));
}

function sayIn(scope: Scope, as: 'am' | 'may', quality: string): string {
  const { word, place, country } = qualityOf(scope, quality);
  const key = ownWords.has(word)
    ? `fundraising.page.${as}.${word}`
    : `fundraising.excluded.${word}`;
  return scope.t(key, { country, code: place });
}
