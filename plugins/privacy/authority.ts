// The file for the authority: what is done with people's data, by whom, for how long, how their requests were answered, and what leaked.
import type { Scope } from 'rostra/plugin';
import { registerCsv, registerJson } from './breach-register.ts';
import { csvLine } from './csv.ts';
import type { Deps } from './deps.ts';
import { findAnswers } from './request.sql.ts';
import type { Entry } from './zip.ts';

type Practice = Awaited<ReturnType<Deps['plugins']['dataPractices']>>[number];

export async function* authorityFile(scope: Scope, deps: Deps): AsyncIterable<Entry> {
  const practices = await deps.plugins.dataPractices(scope);
  const t = (key: string) => scope.t(`privacy.authority.${key}`);
  yield { name: scope.t('privacy.copy.file'), content: [readMe(scope)] };
  yield {
    name: 'register.csv',
    content: sheet(
      ['purpose', 'data', 'source', 'basis', 'keep', 'processors', 'tables', 'plugin'].map(t),
      practices.map((one) => [
        ...[scope.t(one.purpose), one.data, one.source, one.basis, one.keep],
        ...[one.processors.map(named).join('; '), one.tables.join(', '), one.plugin],
      ]),
    ),
  };
  yield {
    name: 'processors.csv',
    content: sheet(
      ['processor', 'country', 'data', 'purpose'].map(t),
      processors(scope, practices),
    ),
  };
  yield {
    name: 'retention.csv',
    content: sheet(['tables', 'keep', 'basis', 'purpose'].map(t), retention(scope, practices)),
  };
  yield { name: 'rules.csv', content: rules(scope, deps) };
  yield { name: 'requests.csv', content: requests(scope) };
  yield { name: 'breaches.csv', content: registerCsv(scope) };
  yield { name: 'breaches.json', content: registerJson(scope) };
  yield { name: 'dpia.md', content: [assessment(scope, practices)] };
}

const named = ({ name, country }: Practice['processors'][number]) => `${name} (${country})`;

function readMe(scope: Scope): string {
  const { controller, address, contact } = scope.organization.legal;
  const who = [controller ?? scope.organization.name, address, contact].filter(Boolean).join('\n');
  const day = new Intl.DateTimeFormat(scope.locale, {
    dateStyle: 'long',
    timeZone: scope.organization.timeZone,
  }).format(scope.now());
  return `${who}\n\n${scope.t('privacy.authority.text', { day })}\n`;
}

function processors(scope: Scope, practices: Practice[]): string[][] {
  return practices.flatMap(({ processors: all, data, purpose }) =>
    all.map(({ name, country }) => [name, country, data, scope.t(purpose)]),
  );
}

function retention(scope: Scope, practices: Practice[]): string[][] {
  return practices.flatMap(({ tables, keep, basis, purpose }) =>
    tables.map((table) => [table, keep, basis, scope.t(purpose)]),
  );
}

async function* rules(scope: Scope, { lawBook }: Deps): AsyncIterable<string> {
  const columns = ['rule', 'says', 'enforce', 'where', 'as-of', 'version', 'checked'];
  yield csvLine(columns.map((one) => scope.t(`privacy.authority.${one}`)));
  for (const { what, says, enforce, sources, isVerified } of await lawBook.lines(scope)) {
    const each = (of: (one: (typeof sources)[number]) => string) => sources.map(of).join('; ');
    yield csvLine([
      ...[what, says.join('; '), scope.t(`privacy.authority.enforce.${enforce}`)],
      ...[each((one) => one.source), each((one) => one.asOf)],
      each((one) => `${one.pack} ${one.version}`),
      scope.t(isVerified ? 'privacy.yes' : 'privacy.no'),
    ]);
  }
}

async function* requests(scope: Scope): AsyncIterable<string> {
  const columns = [
    'reference',
    'kind',
    'origin',
    'asked',
    'due',
    'extended',
    'answered',
    'outcome',
  ];
  yield csvLine([...columns, 'in-time'].map((one) => scope.t(`privacy.authority.${one}`)));
  for (const one of await findAnswers(scope)) {
    const isInTime = !one.dueAt || (one.answeredAt ?? scope.now()) <= one.dueAt;
    yield csvLine([
      ...[one.reference, scope.t(`privacy.kind.${one.kind}`), one.origin],
      ...[one.askedAt, one.dueAt, one.extendedAt, one.answeredAt].map(iso),
      ...[one.outcome ?? one.state, scope.t(isInTime ? 'privacy.yes' : 'privacy.no')],
    ]);
  }
}

const iso = (at: Date | null) => at?.toISOString() ?? '';

function* sheet(head: string[], rows: string[][]): Iterable<string> {
  yield csvLine(head);
  for (const row of rows) yield csvLine(row);
}

/** What an assessment must answer (GDPR 35(7)), with what is known filled in. */
function assessment(scope: Scope, practices: Practice[]): string {
  const t = (key: string) => scope.t(`privacy.authority.dpia.${key}`);
  const list = practices.map((one) => `- ${scope.t(one.purpose)}: ${one.data} (${one.basis})`);
  const parts = ['need', 'risks', 'measures', 'advice'].map((part) => `## ${t(part)}\n\n…\n`);
  return [`# ${t('title')}\n`, `## ${t('what')}\n`, ...list, '', ...parts].join('\n');
}
