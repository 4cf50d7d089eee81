// `rostra doctor`: is everything as it should be?
import type { Command } from 'commander';
import type { House } from '../assemble.ts';
import { verifyAudit } from '../audit/seal.ts';
import { backupHealth } from '../backup/nightly.ts';
import { examineDomain } from '../mail/domain.ts';
import { wayOf } from '../mail/sender.ts';
import { isIdentityComplete } from '../organizations/identity.ts';
import { operator, say, withHouse } from './terminal.ts';

interface Finding {
  what: string;
  /** A sentence each; none when all is well. */
  faults: string[];
  /** Worth knowing, but nothing is broken. */
  isHint?: boolean;
}

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('check the database, the audit trail, the plugins and the settings')
    .action(() =>
      withHouse(async (house) => {
        const findings = await examine(house);
        for (const { what, faults, isHint } of findings) {
          say(`${faults.length === 0 ? 'ok ' : isHint ? '?  ' : 'BAD'} ${what}`);
          for (const fault of faults) say(`      ${fault}`);
        }
        const isIll = findings.some(({ faults, isHint }) => faults.length > 0 && !isHint);
        process.exitCode = isIll ? 1 : 0;
      }),
    );
}

export async function examine(house: House): Promise<Finding[]> {
  const { registry, database, organizations } = house;
  const audit = await verifyAudit(database.db);
  const broken = registry.all().filter(({ state }) => state === 'faulty');
  const findings: Finding[] = [
    { what: `audit trail, ${audit.rows} rows`, faults: audit.faults },
    { what: 'plugins', faults: broken.map(({ manifest, fault }) => `${manifest.id}: ${fault}`) },
    {
      what: 'themes',
      faults: house.themes.list().flatMap(({ id, fault }) => (fault ? [`${id}: ${fault}`] : [])),
    },
  ];
  findings.push(...law(house));
  const root = organizations.root();
  if (!root) return [...findings, { what: 'party', faults: ['not set up yet'], isHint: true }];
  const way = wayOf(house, root);
  const identity = isIdentityComplete(root.legal) ? [] : ['incomplete: see /admin/organizations'];
  findings.push(
    { what: 'legal identity', faults: identity, isHint: true },
    { what: 'mail', faults: 'waitsFor' in way ? [`waits for: ${way.waitsFor}`] : [], isHint: true },
  );
  findings.push(await sending(house));
  const backup = await backupHealth(house);
  const good = backup.good ? `, the last good one ${backup.good.at.toISOString()}` : '';
  findings.push({
    what: `backups${good}`,
    faults: backup.state === 'well' ? [] : [backupWords[backup.state]],
    isHint: backup.state === 'none',
  });
  return [...findings, ...(await contributed(house))];
}

/** What is wrong with the party's own packs, and whose law is not there or a draft that nobody signed. */
function law({ packs, organizations }: House): Finding[] {
  const lost = organizations
    .all()
    .filter(({ jurisdiction }) => !packs.ids.includes(jurisdiction))
    .map((one) => `${one.name}: its pack "${one.jurisdiction}" is not there, so all is denied`);
  const chosen = [...new Set(organizations.all().map(({ jurisdiction }) => jurisdiction))];
  const drafts = chosen
    .flatMap((id) => packs.unsigned(id))
    .map(({ id, version }) => `${id} ${version}`);
  const unsigned = drafts.map(
    (one) => `${one} is a draft that nobody signed: see /admin/law/packs`,
  );
  return [
    { what: 'law', faults: [...packs.faults, ...lost] },
    { what: 'drafts of the law', faults: [...new Set(unsigned)], isHint: true },
  ];
}

async function sending(house: House): Promise<Finding> {
  const scope = operator(house);
  const examined = await examineDomain(house, scope.organization, { now: scope.now() });
  const faults = (examined?.records ?? [])
    .filter(({ state }) => state !== 'found')
    .map(({ record, state, name, reason }) => {
      const why = reason ? `. ${scope.t(`mail.dns.wrong.${reason}`)}` : '';
      return `${record.toUpperCase()} of ${name}: ${scope.t(`mail.dns.state.${state}`)}${why}`;
    });
  if (faults.length > 0) faults.push('What to enter in the DNS stands at /admin/sending.');
  return { what: `sending domain ${examined?.domain ?? '(no sender)'}`, faults, isHint: true };
}

const backupWords = {
  none: 'none so far: one is made each night, or with `rostra backup`',
  old: 'none for two days: see that a worker runs at night',
  failed: 'the last one failed: see /admin/backups and the log',
};

async function contributed(house: House): Promise<Finding[]> {
  const scope = operator(house);
  const findings: Finding[] = [];
  for (const { manifest, contributions } of house.registry.all()) {
    if (!house.registry.isOn(manifest.id, scope.organization)) continue;
    for (const check of contributions.checks ?? []) {
      findings.push({ what: scope.t(check.label), faults: await check.run(scope) });
    }
  }
  return findings;
}
