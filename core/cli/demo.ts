// `rostra demo`: an invented party to look around in, and its removal.
import type { Command } from 'commander';
import type { House } from '../assemble.ts';
import { StartError } from '../database/start-error.ts';
import { demoCountryOf, fillDemo, type Login, removeDemo } from '../demo/demo.ts';
import { addressOfStaff, inventedParties } from '../demo/party.ts';
import { randomToken } from '../secret.ts';
import { setUp } from '../setup/setup.ts';
import { say, table, terminal, withHouse } from './terminal.ts';

interface Options {
  country?: string;
  people: string;
  remove?: boolean;
}

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('fill it with an invented party; nothing is sent while it is there')
    .option('--country <country>', 'fr or us; the party’s own if left out')
    .option('--people <number>', 'how many people', '20000')
    .option('--remove', 'take the invented party out again, and nothing else')
    .action((options: Options) =>
      withHouse((house) => (options.remove ? remove(house) : fill(house, options))),
    );
}

async function fill(house: House, options: Options): Promise<void> {
  const people = Number(options.people);
  if (!Number.isInteger(people) || people < 1 || people > 200_000)
    throw new StartError('--people must be a number from 1 to 200000.');
  const country = options.country ?? countryOf(house);
  if (!inventedParties[country])
    throw new StartError(`--country must be one of ${Object.keys(inventedParties).join(', ')}.`);
  if (house.demo.current())
    throw new StartError('A demo is here already: take it out with `rostra demo --remove`.');
  const own = await partyFor(house, country);
  const tell = (done: number, of: number) =>
    terminal.progress(`${done.toLocaleString('en')} of ${of.toLocaleString('en')} people`);
  const logins = [...own, ...(await fillDemo(house, { country, people, tell }))];
  if (process.stderr.isTTY) process.stderr.write('\n');
  say(`${house.organizations.root()?.name}: ${people.toLocaleString('en')} people, all invented.`);
  say('Nothing is sent while they are here. These passwords are shown this once:\n');
  say(table(logins.map((one) => [one.organization, one.role, one.email, one.password])));
  say(`\nLog in at ${house.config.url}/admin. \`rostra demo --remove\` takes all of it out again.`);
}

async function remove(house: House): Promise<void> {
  if (!house.demo.current()) throw new StartError('There is no demo here.');
  const kept = await removeDemo(house);
  say('The invented party is gone.');
  if (kept.length > 0)
    say(
      `These chapters stay, since something that is not the demo’s is there: ${kept.join(', ')}.`,
    );
}

function countryOf({ organizations }: House): string {
  const { jurisdiction = '', locale = '' } = organizations.root() ?? {};
  return jurisdiction ? demoCountryOf(jurisdiction, locale) : 'fr';
}

/** Without a party there is one made first, which stays: its name and first administrator are yours to change. */
async function partyFor(house: House, country: string): Promise<Login[]> {
  const invented = inventedParties[country];
  if (house.organizations.root() || !invented) return [];
  const administrator = {
    name: 'Rostra',
    email: addressOfStaff('rostra'),
    password: randomToken(12),
  };
  await setUp(house, {
    jurisdiction: country,
    party: invented.name,
    locale: invented.locale,
    timeZone: house.packs.get(country)?.timeZone ?? 'UTC',
    legal: {},
    administrator,
  });
  return [{ ...administrator, role: 'administrator', organization: invented.name }];
}
