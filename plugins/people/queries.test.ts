// Each query of people is tried from a sister chapter in chapter.test.ts, or it is said here why it has no bound.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { queriesOf } from 'rostra/testing';

const unbounded: Record<string, string> = {
  inserts: `insertConsent insertNewsletter insertSubscription insertNote insertTimeline insertHistory
    insertSuppression upsertTags insertTaggingPairs`,
  // Of people whom `findPerson` found within the bound before.
  found: 'touchPeople holdPeople holdPerson lockPerson markAsked',
  // As `countByAnswer`, which is tried, with the claims of those it counts.
  counted: 'countAsked',
  // Who has an address is asked of the whole party, and told to nobody.
  partyWide: `findOwners hasOtherAffiliations hasSuppressed isAddressSuppressed deleteUnsubscribed
    findHash findMailboxOwners findMailboxOwner findMailboxHashes hashMailbox meetMailbox holdMailboxOwner`,
  // Within a restore, for the whole party.
  restore: 'hasWithdrawn',
  // Of the whole party, by the minute.
  sealing: 'findUnsealed lockSealing sealConsents',
  rights:
    'findSubject eraseSubject mergeSubject mergeOrigins clearLost findConflicts findGiven findLetters',
  // Of the whole party, by the day.
  notices: 'findUnaskedCountries insertNotices',
  retention: `deleteOutdated findOccasionalCountries insertExpiries deleteOutlived findExpired
    isStillExpired`,
  // Steps of one upsert, which asks by `isSeen` first.
  upsert: `insertPeople deleteNewPeople findByNumberAndName fillNames refreshSearch fillPhoneNumbers
    fillPostalAddresses affiliate affiliateBelow fillRelations noteConfirmed`,
  // Words of SQL that a bounded query is made of.
  words:
    'isStopped countryOf kindOf referenceOf noted isPersons isFromPerson originsOf isWayDirect taggings placesOf howOf bindingsOf valueOf rowsOf usedOn',
  // A word means one thing in the whole party.
  partyWords: 'findTag',
  names: 'findChapters author',
};

test('every query is tried from a sister chapter, or has a reason', (t) => {
  const tried = readFileSync(join(import.meta.dirname, 'chapter.test.ts'), 'utf8');
  const excused = new Set(Object.values(unbounded).join(' ').split(/\s+/));
  // Steps of an import that was found within the bound before, and the operator's demo, are left out.
  const bounded = queriesOf(import.meta.dirname, /^(?!import|stage|demo)/);
  const isTried = (name: string) => new RegExp(`Sql\\.${name}\\(`).test(tried);
  t.deepEqual(
    bounded.filter((name) => !excused.has(name) && !isTried(name)),
    [],
  );
  const all = new Set(queriesOf(import.meta.dirname).map((name) => name.split(' ').at(-1)));
  t.deepEqual(
    [...excused].filter((name) => !all.has(name)),
    [],
    'reasons for queries that are no more',
  );
});
