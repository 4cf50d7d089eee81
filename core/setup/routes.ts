// The setup page: left what the party says of itself, right what the law makes of it.

import type { Static } from 'typebox';
import { isGuessable } from '../accounts/guess.ts';
import type { Origin } from '../accounts/origin.ts';
import { passwordLength } from '../accounts/password.ts';
import { jurisdictionName, timeZoneOptions } from '../admin/place.ts';
import type { Login } from '../demo/demo.ts';
import { showFilled } from '../demo/routes.ts';
import { type Context, type Form, type Router, router } from '../http/context.ts';
import { outlook } from '../law/outlook.ts';
import type { Packs } from '../law/pack.ts';
import { isTimeZone } from '../law/timeline.ts';
import { tagsIn } from '../locale.ts';
import { Type } from '../type.ts';
import { localeFor, type SetupAnswers, type SetupParts, setUp } from './setup.ts';

export interface SetupRouteParts extends SetupParts {
  /** Works while there is no party, for an hour. */
  isLinkGood(token: string): Promise<boolean>;
  /** Invents a party to look around in, and answers who can log in. */
  fillDemo(answers: SetupAnswers): Promise<Login[]>;
  /** Opens a session for the new administrator and answers its cookie. */
  logIn(accountId: string, origin: Origin): Promise<string>;
}

const line = (most: number) => Type.Optional(Type.String({ maxLength: most }));
const AskedSchema = Type.Object({
  jurisdiction: Type.String({ default: '', maxLength: 30 }),
});
const SetupSchema = Type.Object({
  jurisdiction: Type.String({ minLength: 1, maxLength: 30 }),
  party: Type.String({ minLength: 1, maxLength: 200 }),
  locale: Type.Union([Type.Literal('en'), Type.Literal('fr')]),
  timeZone: Type.String({ minLength: 1, maxLength: 60 }),
  controller: line(200),
  address: line(500),
  contact: line(200),
  publicationDirector: line(200),
  host: line(500),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  email: Type.String({ format: 'email', maxLength: 254 }),
  password: Type.String({ minLength: passwordLength.min, maxLength: passwordLength.max }),
  /** Ticked: read that this is a starting point, and no legal advice. */
  acknowledged: line(10),
  /** Ticked: filled with an invented party. */
  demo: line(10),
  /** The button of a reader without script: show the law of the chosen country, nothing else yet. */
  look: line(10),
});

export function setupRoutes(parts: SetupRouteParts): Router {
  const routes = router();
  routes.get('/setup', (ctx) =>
    ctx.render('setup/waiting', { title: ctx.scope.t('setup.waiting') }),
  );

  routes.get('/setup/:token', async (ctx) => {
    const token = ctx.params.token ?? '';
    const { jurisdiction } = ctx.filters(AskedSchema);
    if (!(await parts.isLinkGood(token))) return linkGone(ctx);
    const chosen = choose(parts.packs, jurisdiction, ctx);
    const values = { jurisdiction: chosen, locale: localeFor(chosen), timeZone: zoneOf(chosen) };
    await page(ctx, { token, values, faults: {} });
  });

  routes.get('/setup/:token/outlook', async (ctx) => {
    const token = ctx.params.token ?? '';
    const { jurisdiction } = ctx.filters(AskedSchema);
    if (!(await parts.isLinkGood(token))) return linkGone(ctx);
    const chosen = choose(parts.packs, jurisdiction, ctx);
    await ctx.fragment('setup/outlook', outlookData(ctx, chosen));
  });

  routes.post('/setup/:token', async (ctx) => {
    const token = ctx.params.token ?? '';
    if (!(await parts.isLinkGood(token))) return linkGone(ctx);
    const form = await ctx.form(SetupSchema);
    if (form.values.look) return page(ctx, { token, values: form.values, faults: {} }, 200);
    const faults = faultsOf(ctx, form, parts.packs);
    if (!form.ok || Object.keys(faults).length > 0) {
      return page(ctx, { token, values: form.values, faults }, 422);
    }
    const answers = answersOf(form.value);
    const { accountId } = await setUp(parts, answers);
    ctx.append(
      'Set-Cookie',
      await parts.logIn(accountId, { ip: ctx.ip, agent: ctx.get('User-Agent') }),
    );
    if (form.value.demo) {
      return showFilled(ctx, () => parts.fillDemo(answers), { wide: true });
    }
    ctx.status = 303;
    ctx.redirect('/admin');
  });

  function page(
    ctx: Context,
    shown: { token: string; values: Record<string, unknown>; faults: Record<string, string> },
    status?: number,
  ): Promise<void> {
    const jurisdiction = String(shown.values.jurisdiction ?? '');
    const chosen = choose(parts.packs, jurisdiction, ctx);
    const data = {
      ...{ ...shown, ...outlookData(ctx, chosen) },
      title: ctx.scope.t('setup.title'),
      wide: true,
      countries: countries(parts.packs, ctx.scope.locale),
      timeZones: timeZoneOptions(),
      passwordMin: passwordLength.min,
    };
    return ctx.render('setup/setup', data, status);
  }

  function zoneOf(jurisdiction: string): string {
    return parts.packs.get(jurisdiction)?.timeZone ?? 'UTC';
  }

  function outlookData(ctx: Context, jurisdiction: string) {
    const items = outlook(parts.packs, jurisdiction, ctx.scope.now());
    return { jurisdiction, items, isDraft: parts.packs.unsigned(jurisdiction).length > 0 };
  }

  return routes;
}

function linkGone(ctx: Context): Promise<void> {
  return ctx.render('setup/link-gone', { title: ctx.scope.t('setup.link-gone') }, 403);
}

function countries({ ids }: Packs, locale: string) {
  const named = ids.map((id) => ({ value: id, label: jurisdictionName(locale, id) }));
  return named.sort((a, b) => a.label.localeCompare(b.label, locale));
}

/** What was asked for if there is such a pack, else that of the reader's country as the browser tells it. */
function choose({ ids }: Packs, jurisdiction: string, ctx: Context): string {
  if (ids.includes(jurisdiction)) return jurisdiction;
  const { locale } = ctx.scope;
  const own = tagsIn(ctx.get('Accept-Language')).filter((tag) => tag.startsWith(locale));
  const countries = [...own, locale].map(countryOf);
  return countries.find((id) => ids.includes(id)) ?? ids[0] ?? '';
}

/** `us` of `en-US`, and of `en` too. */
function countryOf(tag: string): string {
  try {
    return new Intl.Locale(tag).maximize().region?.toLowerCase() ?? '';
  } catch {
    return '';
  }
}

function faultsOf(ctx: Context, form: Form<Static<typeof SetupSchema>>, packs: Packs) {
  const faults: Record<string, string> = { ...form.faults };
  if (!form.values.acknowledged) faults.acknowledged = ctx.scope.t('setup.fault.acknowledged');
  if (!form.ok) return faults;
  if (!packs.ids.includes(form.value.jurisdiction))
    faults.jurisdiction = ctx.scope.t('setup.fault.jurisdiction');
  const { password, party, email, name } = form.value;
  if (isGuessable(password, [party, email, name]))
    faults.password = ctx.scope.t('accounts.password.guessable');
  if (!isTimeZone(form.value.timeZone)) faults.timeZone = ctx.scope.t('setup.fault.time-zone');
  return faults;
}

function answersOf(value: Static<typeof SetupSchema>): SetupAnswers {
  const { jurisdiction, party, locale, timeZone, name, email, password, ...rest } = value;
  const { controller, address, contact, publicationDirector, host } = rest;
  const said = { controller, address, contact, publicationDirector, host };
  const legal = Object.fromEntries(Object.entries(said).filter(([, text]) => text?.trim()));
  return {
    ...{ jurisdiction, party, locale, timeZone, legal, acknowledged: 'page' },
    administrator: { name, email, password },
  };
}
