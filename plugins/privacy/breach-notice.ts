// The drafts of the notices: to the authority (GDPR 33(3)) and to the people concerned (GDPR 34(2)), from the record.
import type { Scope } from 'rostra/plugin';
import type { Breach } from './breach.sql.ts';
import { clockOf, wasLate } from './breach.ts';
import { dataWords, kindWords, whenWord } from './breach-words.ts';

export const readers = ['authority', 'people'] as const;
export type Reader = (typeof readers)[number];

export interface Notice {
  title: string;
  /** What is to be said, heading by heading; a line a paragraph. */
  parts: { heading: string; lines: string[] }[];
}

export function isReader(word: string): word is Reader {
  return readers.some((one) => one === word);
}

export function noticeTo(reader: Reader, scope: Scope, breach: Breach): Notice {
  return reader === 'authority' ? toAuthority(scope, breach) : toPeople(scope, breach);
}

/** For a mail, or the form of a site. */
export function plainText(scope: Scope, { title, parts }: Notice): string {
  const blocks = parts.map(({ heading, lines }) => `${heading}\n\n${lines.join('\n')}`);
  return `${[title, scope.t('privacy.notice.draft'), ...blocks].join('\n\n')}\n`;
}

function toAuthority(scope: Scope, breach: Breach): Notice {
  const n = (key: string, params?: Record<string, unknown>) =>
    scope.t(`privacy.notice.authority.${key}`, params);
  const part = (key: string, lines: string[]) => ({ heading: n(key), lines });
  const { controller, address, contact } = scope.organization.legal;
  const isLate = wasLate(breach) || clockOf(scope.now(), breach).isLate;
  return {
    title: n('title'),
    parts: [
      part('who', [controller ?? scope.organization.name, ...linesOf(scope, address)]),
      part('contact', [contact ?? scope.t('privacy.notice.to-fill')]),
      part('nature', [...linesOf(scope, breach.what), ...whenLines(scope, breach)]),
      part('numbers', numberLines(scope, breach)),
      part('consequences', linesOf(scope, breach.consequences)),
      part('measures', [...linesOf(scope, breach.measures), toldLine(scope, breach)]),
      ...(isLate ? [part('late', linesOf(scope, breach.lateReason))] : []),
      part('reference', [breach.reference]),
    ],
  };
}

/** In clear and plain language: what happened, what may follow, what was done, and who answers. */
function toPeople(scope: Scope, breach: Breach): Notice {
  const { controller, contact } = scope.organization.legal;
  const party = controller ?? scope.organization.name;
  const n = (key: string, params?: Record<string, unknown>) =>
    scope.t(`privacy.notice.people.${key}`, params);
  const part = (key: string, lines: string[]) => ({ heading: n(key), lines });
  const data = dataWords(scope, breach);
  return {
    title: n('title', { party }),
    parts: [
      part('what', [
        n('intro', { party }),
        ...linesOf(scope, breach.what),
        ...(breach.happenedAt ? [n('when', { at: whenWord(scope, breach.happenedAt) })] : []),
      ]),
      part('data', data.length > 0 ? data.map(item) : [scope.t('privacy.notice.to-fill')]),
      part('consequences', linesOf(scope, breach.consequences)),
      part('measures', linesOf(scope, breach.measures)),
      part('contact', [
        n('ask', {
          contact: contact ?? scope.t('privacy.notice.to-fill'),
          reference: breach.reference,
        }),
        n('complain'),
      ]),
    ],
  };
}

function whenLines(scope: Scope, { happenedAt, knownAt, kinds }: Breach): string[] {
  const n = (key: string, params: Record<string, unknown>) =>
    scope.t(`privacy.notice.authority.${key}`, params);
  return [
    n('kinds', { kinds: new Intl.ListFormat(scope.locale).format(kindWords(scope, kinds)) }),
    happenedAt
      ? n('happened', { at: whenWord(scope, happenedAt) })
      : scope.t('privacy.notice.authority.happened.unknown'),
    n('known', { at: whenWord(scope, knownAt) }),
  ];
}

function numberLines(scope: Scope, breach: Breach): string[] {
  const n = (key: string, count: number | null) =>
    count === null
      ? scope.t(`privacy.notice.authority.${key}.unknown`)
      : scope.t(`privacy.notice.authority.${key}`, { count });
  return [
    ...(breach.concerned ? [breach.concerned] : []),
    n('people', breach.peopleCount),
    n('records', breach.recordCount),
    scope.t('privacy.notice.authority.data'),
    ...dataWords(scope, breach).map(item),
  ];
}

function toldLine(scope: Scope, { toldAt, toldHow, untoldReason }: Breach): string {
  const n = (key: string, params?: Record<string, unknown>) =>
    scope.t(`privacy.notice.authority.${key}`, params);
  if (toldAt) return n('told', { at: whenWord(scope, toldAt), how: toldHow ?? '' });
  return untoldReason ? n('untold', { reason: untoldReason }) : n('not-told');
}

const item = (text: string) => `– ${text}`;

/** What is not known yet may follow in phases (GDPR 33(4)). */
function linesOf(scope: Scope, text: string | null | undefined): string[] {
  const lines = (text ?? '').split(/\r?\n/).filter((line) => line.trim());
  return lines.length > 0 ? lines : [scope.t('privacy.notice.to-fill')];
}
