// A person's page: who they are, what happened, what we may do; and notes and tags upon it.
import { type Context, permit, type Router, type Scope } from 'rostra/plugin';
import { ageOn } from '../age.ts';
import { findConsents } from '../consent.sql.ts';
import { contactabilityOf, knownOf } from '../contact.ts';
import { contactView } from '../contact-words.ts';
import type { Deps } from '../deps.ts';
import { findNewsletters, findSubscriptions } from '../newsletter.sql.ts';
import { removeNote, writeNote } from '../note.ts';
import type { PersonRow } from '../person.sql.ts';
import { phoneName } from '../person.ts';
import { postInWords } from '../postal.ts';
import { findAffiliations, findPersonTags, findRelations, findWays } from '../profile.sql.ts';
import { findOrigins } from '../provenance.sql.ts';
import { originInWords, wordOf } from '../provenance.ts';
import { sayItWorks } from '../returned-number.ts';
import { NoteSchema, TagSchema } from '../schemas.ts';
import { findNotes, findTimeline } from '../story.sql.ts';
import { findTags } from '../tag.sql.ts';
import { tagPeople, untagPerson } from '../tag.ts';
import { named, pageOf, personOfPath } from './forms.ts';

const shownMost = 100;

export function profileRoutes(router: Router, deps: Deps): void {
  router.get('/:id', permit('people.person.read'), async (ctx) => {
    const person = await personOfPath(ctx);
    if (person.id !== ctx.params['id'])
      return ctx.done(pageOf(person), 'people.person.merged-here');
    await deps.audit.record(ctx.scope, {
      act: 'person.viewed',
      subject: { type: 'person', id: person.id },
      personId: person.id,
    });
    return showProfile(ctx, person);
  });

  router.post('/:id/ways/:kind/:way/works', permit('people.person.edit'), async (ctx) => {
    const person = await personOfPath(ctx);
    const { kind: typed, way: id = '' } = ctx.params;
    const kind = typed === 'phone' ? 'phone' : 'email';
    await sayItWorks(ctx.scope, deps, person.id, { kind, id });
    return ctx.done(pageOf(person), 'people.way.works.done');
  });

  router.post('/:id/notes', permit('people.note.write'), async (ctx) => {
    const person = await personOfPath(ctx);
    const form = await ctx.form(NoteSchema);
    if (!form.ok) return showProfile(ctx, person, { note: form });
    await writeNote(ctx.scope, deps, person.id, form.value.text);
    return ctx.done(pageOf(person, '#story'), 'people.note.written');
  });
  router.post('/:id/notes/:note/remove', permit('people.note.write'), async (ctx) => {
    const person = await personOfPath(ctx);
    await removeNote(ctx.scope, deps, person.id, ctx.params['note'] ?? '');
    return ctx.done(pageOf(person, '#story'), 'people.note.removed');
  });

  router.post('/:id/tags', permit('people.person.edit'), async (ctx) => {
    const person = await personOfPath(ctx);
    const form = await ctx.form(TagSchema);
    if (!form.ok) return showProfile(ctx, person, { tag: form });
    const { label, told } = form.value;
    await tagPeople(ctx.scope, deps, [person.id], label, told);
    return ctx.done(pageOf(person), 'people.tag.added', { tag: form.value.label });
  });
  router.post('/:id/tags/:tag/remove', permit('people.person.edit'), async (ctx) => {
    const person = await personOfPath(ctx);
    await untagPerson(ctx.scope, deps, person.id, ctx.params['tag'] ?? '');
    return ctx.done(pageOf(person), 'people.tag.removed');
  });
}

interface Forms {
  note?: object;
  tag?: object;
}

async function showProfile(
  ctx: Context,
  person: PersonRow,
  { note, tag }: Forms = {},
): Promise<void> {
  const { scope } = ctx;
  const ways = await findWays(scope, person.id);
  const relations = await findRelations(scope, person.id);
  const current = relations.find((one) => !one.until);
  const subscriptions = await findSubscriptions(scope, person.id);
  const answers = contactabilityOf(scope, await knownOf(scope, person));
  await ctx.render('profile', {
    person: named(person),
    age: person.birthDate ? ageOn(person.birthDate, scope.now()) : undefined,
    ways: {
      ...ways,
      phoneNumbers: ways.phoneNumbers.map((way) => ({ ...way, shown: phoneName(way.address) })),
    },
    postal: ways.postalAddresses.map((one) => postInWords(scope, one)),
    relations,
    current,
    subscriptions,
    newsletters: (await findNewsletters(scope)).filter(
      (one) => !subscriptions.some((known) => known.id === one.id),
    ),
    origins: (await findOrigins(scope, person.id)).map((one) => originInWords(scope, one)),
    tags: await findPersonTags(scope, person.id),
    allTags: scope.may('people.person.edit') ? await findTags(scope) : [],
    chapters: await findAffiliations(scope, person.id),
    answers: answers.map((one) => contactView(scope, person.id, one)),
    notes: await findNotes(scope, person.id, shownMost),
    story: await storyOf(scope, person.id),
    panels: await ctx.panels('people.person', person.id),
    noteForm: note ?? { values: {}, faults: {} },
    tagForm: tag ?? { values: {}, faults: {} },
  });
}

/** Lines of the timeline and of the consent ledger, newest first. */
async function storyOf(scope: Scope, personId: string) {
  const lines = await findTimeline(scope, personId, shownMost);
  const consents = await findConsents(scope, personId);
  const said = lines.map(({ at, kind, params, href }) => ({
    at,
    title: scope.t(kind, inWords(scope, params)),
    href: href ?? undefined,
    icon: icons[kind] ?? 'clock',
  }));
  const given = consents.map((one) => ({
    at: one.at,
    title: scope.t(
      one.given ? 'people.timeline.consent-given' : 'people.timeline.consent-withdrawn',
      {
        channel: wordOf(scope, 'people.channel', one.channel),
        purpose: wordOf(scope, 'people.consent-purpose', one.purpose),
      },
    ),
    text: one.wording ? `« ${one.wording} »` : undefined,
    icon: one.given ? 'check' : 'stop',
    tone: one.given ? 'done' : 'warn',
  }));
  return [...said, ...given].sort((a, b) => b.at.getTime() - a.at.getTime()).slice(0, shownMost);
}

const icons: Record<string, string> = {
  'people.timeline.added': 'plus',
  'people.timeline.imported': 'upload',
  'people.timeline.subscribed': 'mail',
  'people.timeline.unsubscribed': 'mail',
  'people.timeline.suppressed': 'stop',
};

/** Sources and kinds are words of the program; shown as sentences where there is one. */
function inWords(scope: Scope, params: Record<string, string | number>) {
  const { source, kind, why } = params;
  return {
    ...params,
    ...(source === undefined ? {} : { source: wordOf(scope, 'people.source', String(source)) }),
    ...(kind === undefined ? {} : { kind: wordOf(scope, 'people.way', String(kind)) }),
    ...(why === undefined ? {} : { why: wordOf(scope, 'people.returned', String(why)) }),
  };
}
