// What happened between an invented person and the party: relation, consents, newsletters, tags, notes, lines of time.
import type { Chance } from './chance.ts';
import type { Invented, Maker } from './invent.ts';

export interface Story {
  source: string;
  relations: { kind: string; since: string; until: string | null }[];
  consents: {
    channel: string;
    purpose: string;
    given: boolean;
    at: Date;
    source: string;
    wording: string;
    evidence: Record<string, string>;
  }[];
  /** `theme`, `chapter` or `party`: which of the newsletters. */
  subscriptions: { to: Newsletter; since: Date; until: Date | null }[];
  tags: string[];
  note: { text: string; by: string; at: Date } | undefined;
  timeline: { kind: string; params: Record<string, string>; to?: Newsletter; at: Date }[];
  history: { field: string; before: string; after: string; by: string; at: Date }[];
  /** Never again to any of the person's addresses of this kind. */
  suppressed: { kind: 'email' | 'phone'; reason: string; at: Date }[];
}
export type Newsletter = 'party' | 'theme' | 'chapter';
type Who = Omit<Invented, keyof Story>;

export function invent(maker: Maker, who: Who, isMinor: boolean): Story {
  const { chance, words } = maker;
  const source = sourceOf(chance, who);
  const story: Story = {
    source,
    relations: relationsOf(maker, who, isMinor),
    ...{ consents: [], subscriptions: [], tags: [], note: undefined, history: [], suppressed: [] },
    timeline: [cameBy(maker, source, who.createdAt)],
  };
  if (source === 'website.sign-up') signUp(maker, who, story, isMinor);
  if (who.emails.length > 0 && story.consents.some(({ channel }) => channel === 'email'))
    subscribe(maker, who, story);
  if (chance.is(0.3)) story.tags = tagsOf(chance, words.tags);
  if (chance.is(0.035)) {
    story.note = {
      text: chance.pick(words.notes),
      by: chance.pick(words.staff),
      at: laterThan(maker, who.createdAt),
    };
  }
  if (chance.is(0.02) && who.familyName) story.history.push(correction(maker, who));
  if (source === 'import' && chance.is(0.04)) object(maker, who, story);
  return story;
}

function sourceOf(chance: Chance, { emails }: Who): string {
  if (emails.length === 0) return chance.is(0.6) ? 'import' : 'staff';
  return chance.is(0.62) ? 'website.sign-up' : chance.is(0.8) ? 'import' : 'staff';
}

function cameBy({ chance, words }: Maker, source: string, at: Date): Story['timeline'][number] {
  if (source === 'import')
    return { kind: 'people.timeline.imported', params: { origin: chance.pick(words.origins) }, at };
  return { kind: 'people.timeline.added', params: { source }, at };
}

/** A minor is at most a contact: one joins with eighteen. Some left again, some left years ago. */
function relationsOf({ chance, now }: Maker, { createdAt }: Who, isMinor: boolean) {
  const since = dayOf(createdAt);
  if (isMinor) return [{ kind: 'occasional_contact', since, until: null }];
  const roll = chance.next();
  if (roll < 0.05) {
    const left = new Date(
      createdAt.getTime() + chance.next() * (now.getTime() - createdAt.getTime()),
    );
    return [
      { kind: 'member', since, until: dayOf(left) },
      { kind: 'former_member', since: dayOf(left), until: null },
    ];
  }
  const kind = roll < 0.24 ? 'member' : roll < 0.68 ? 'regular_contact' : 'occasional_contact';
  return [{ kind, since, until: null }];
}

/** Asked on the site, confirmed from the mailbox minutes later; some withdrew since. */
function signUp(maker: Maker, who: Who, story: Story, isMinor: boolean): void {
  const { chance, words, now } = maker;
  const later = who.createdAt.getTime() + chance.between(1, 90) * 60_000;
  const at = new Date(Math.min(later, now.getTime()));
  const asked = { at, source: 'website.sign-up', given: true } as const;
  const evidence = { claimedAt: who.createdAt.toISOString(), confirmedAt: at.toISOString() };
  story.consents.push({
    ...asked,
    channel: 'email',
    purpose: 'newsletter',
    wording: words.wording.email,
    evidence,
  });
  const mobile = who.phones.length > 0 && !isMinor && chance.is(0.35);
  if (mobile) {
    story.consents.push({
      ...asked,
      channel: 'sms',
      purpose: 'campaign',
      wording: words.wording.sms,
      evidence,
    });
  }
  if (!chance.is(0.04)) return;
  const gone = laterThan(maker, at);
  for (const consent of [...story.consents]) {
    story.consents.push({
      ...consent,
      given: false,
      at: gone,
      evidence: { link: 'unsubscribe', at: gone.toISOString() },
    });
  }
  if (!chance.is(0.4)) return;
  story.suppressed.push({ kind: 'email', reason: 'unsubscribed', at: gone });
  story.timeline.push({ kind: 'people.timeline.suppressed', params: { kind: 'email' }, at: gone });
}

function subscribe({ chance }: Maker, who: Who, story: Story): void {
  const since = story.consents[0]?.at ?? who.createdAt;
  const until =
    story.consents.find(({ given, channel }) => !given && channel === 'email')?.at ?? null;
  const all: Newsletter[] = ['party'];
  if (who.chapter !== undefined && chance.is(0.7)) all.push('chapter');
  if (chance.is(0.18)) all.push('theme');
  for (const to of all) {
    story.subscriptions.push({ to, since, until });
    story.timeline.push({ kind: 'people.timeline.subscribed', params: {}, to, at: since });
    if (until)
      story.timeline.push({ kind: 'people.timeline.unsubscribed', params: {}, to, at: until });
  }
}

/** Somebody of a list who told us never to write or call again. */
function object(maker: Maker, who: Who, story: Story): void {
  const kind = who.emails.length > 0 ? ('email' as const) : ('phone' as const);
  const at = laterThan(maker, who.createdAt);
  story.suppressed.push({ kind, reason: 'objection', at });
  story.timeline.push({ kind: 'people.timeline.suppressed', params: { kind }, at });
}

function correction(maker: Maker, { familyName, createdAt }: Who): Story['history'][number] {
  const after = familyName ?? '';
  const before = after.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
  const by = maker.chance.pick(maker.words.staff);
  return { field: 'familyName', before, after, by, at: laterThan(maker, createdAt) };
}

function tagsOf(chance: Chance, tags: readonly string[]): string[] {
  return [...new Set(Array.from({ length: chance.between(1, 3) }, () => chance.pick(tags)))];
}

function laterThan({ chance, now }: Maker, at: Date): Date {
  return new Date(at.getTime() + chance.next() * (now.getTime() - at.getTime()));
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
