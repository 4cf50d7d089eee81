// For the tests of mail: a mail server on loopback, themes, and everything between send() and the server's answer.
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { type ParsedMail, simpleParser } from 'mailparser';
import type { Clock } from '../clock.ts';
import { makeTestHouse } from '../jobs/fixture.ts';
import { makeJobs, type OwnJob } from '../jobs/jobs.ts';
import { makeOwnJobs } from '../jobs/own.ts';
import { makeSilence } from '../law/silence.ts';
import type { MailRefusals } from '../mail-services.ts';
import { root } from '../manifests.ts';
import type { ElectionRound } from '../services.ts';
import type { Test } from '../testing/database.ts';
import { startMailServer } from '../testing/mail-server.ts';
import { loadThemes } from '../theme/themes.ts';
import { makeMail } from './mail.ts';
import { makeMailRefusals } from './refusals.ts';

export interface MailPeer {
  url: string;
  received: ParsedMail[];
  /** What it does with the next message, before it answers. */
  hooks: { onData?: (session: string) => Promise<void> | void };
  /** Until the other side hangs up. */
  isLeft(session: string): Promise<void>;
}

export async function startMailPeer(t: Test): Promise<MailPeer> {
  const received: ParsedMail[] = [];
  const hooks: MailPeer['hooks'] = {};
  const left = new EventEmitter();
  const url = await startMailServer(t, {
    onClose: ({ id }) => void left.emit(id),
    async onData(stream, { id }, answer) {
      try {
        received.push(await simpleParser(stream));
        await hooks.onData?.(id);
        answer();
      } catch (error) {
        answer(error as Error);
      }
    },
  });
  const isLeft = async (session: string) => void (await once(left, session));
  return { url, received, hooks, isLeft };
}

export type MailHouse = Awaited<ReturnType<typeof makeMailHouse>>;

export async function makeMailHouse(t: Test, clock?: Clock) {
  const house = await makeTestHouse(t, {}, clock);
  const themes = await loadThemes({
    folders: [join(root, 'themes')],
    core: join(root, 'core'),
    plugins: () => [],
    locales: house.locales,
    log: house.log,
    lookOf: (organization) => ({ theme: house.settings.coreOf(organization).theme }),
    organizations: () => house.organizations.all(),
    urlOf: () => house.config.url,
    watch: false,
  });
  const audit = house.audit('core');
  const jobs = makeJobs({ ...house, audit, own: () => ({ jobs: own(), on: {} }) });
  const rounds: ElectionRound[] = [];
  const calendar = { plugin: 'test', service: { near: async () => [...rounds] } };
  const silence = makeSilence(() => [calendar]);
  const knowers: MailRefusals[] = [];
  const refusals = makeMailRefusals(() => knowers.map((service) => ({ plugin: 'test', service })));
  const deps = { ...house, themes, audit, lease: jobs.lease, silence, refusals };
  const own = (): OwnJob[] => makeOwnJobs(deps);
  t.teardown(() => jobs.stop());
  const send = (
    to = 'anna@example.org',
    more: { personId?: string; organization?: string; bulk?: boolean } = {},
  ) =>
    makeMail(deps)('core').send(house.scope(more.organization), {
      to,
      view: 'mail/test',
      data: {},
      personId: more.personId,
      bulk: more.bulk ?? false,
    });
  const setServer = (url: string, organization?: string) =>
    house.settings.change(house.scope(organization), 'core', { values: { mailServer: url } });
  return { ...house, themes, jobs, deps, send, setServer, rounds, knowers };
}
