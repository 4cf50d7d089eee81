// The environment becomes one frozen Config; every fault is told at once.

import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { StartError } from './database/start-error.ts';

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Public address without a trailing slash, e.g. `https://parti.example`. */
  readonly url: string;
  /** Absolute path of the data folder. */
  readonly data: string;
  /** Where backups are written. */
  readonly backups: string;
  /** 32 bytes from which keys are derived. */
  readonly secret: Buffer;
  /** `undefined`: PostgreSQL runs embedded in the data folder. */
  readonly databaseUrl: string | undefined;
  /** The way round a transaction-mode pooler; the database's own address if left out. */
  readonly databaseDirectUrl: string | undefined;
  readonly smtpUrl: string | undefined;
  readonly role: 'all' | 'web' | 'worker';
  /** Folders or package names of outside plugins. */
  readonly plugins: readonly string[];
  /** Folders of outside themes. */
  readonly themes: readonly string[];
  /** Addresses or ranges of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** Name servers that are asked about sending domains; the system's if none is named. */
  readonly dnsServers: readonly string[];
  readonly logLevel: string;
  /** Changed views are read again: NODE_ENV=development. */
  readonly isDevelopment: boolean;
  /** Answers of the setup page given by the environment. */
  readonly setup: {
    readonly jurisdiction: string | undefined;
    readonly organization: string | undefined;
    readonly adminEmail: string | undefined;
    readonly adminPassword: string | undefined;
  };
}

type Env = Record<string, string | undefined>;

/** Throws StartError with a line for each variable that does not fit. */
export function readConfig(env: Env): Config {
  const faults: string[] = [];
  const port = numberOf(env, 'PORT', 3000, faults);
  const host = env.HOST || '127.0.0.1';
  const data = resolve(env.ROSTRA_DATA || './data');
  const config: Config = {
    port,
    host,
    url: urlOf(env, 'ROSTRA_URL', ['http:', 'https:'], faults) ?? defaultUrl(host, port),
    data,
    backups: resolve(env.ROSTRA_BACKUPS || join(data, 'backups')),
    databaseUrl: urlOf(env, 'DATABASE_URL', ['postgres:', 'postgresql:'], faults),
    databaseDirectUrl: urlOf(env, 'DATABASE_DIRECT_URL', ['postgres:', 'postgresql:'], faults),
    smtpUrl: urlOf(env, 'SMTP_URL', ['smtp:', 'smtps:'], faults),
    role: wordOf(env, 'ROSTRA_ROLE', ['all', 'web', 'worker'], 'all', faults),
    plugins: listOf(env.ROSTRA_PLUGINS),
    themes: listOf(env.ROSTRA_THEMES),
    trustedProxies: listOf(env.ROSTRA_TRUSTED_PROXIES),
    dnsServers: addressesOf(env, 'ROSTRA_DNS', faults),
    logLevel: wordOf(env, 'ROSTRA_LOG', levels, 'warn', faults),
    isDevelopment: env.NODE_ENV === 'development',
    setup: {
      jurisdiction: env.ROSTRA_JURISDICTION || undefined,
      organization: env.ROSTRA_ORGANIZATION || undefined,
      adminEmail: env.ROSTRA_ADMIN_EMAIL || undefined,
      adminPassword: env.ROSTRA_ADMIN_PASSWORD || undefined,
    },
    secret: faults.length > 0 ? Buffer.alloc(0) : secretOf(env, data, faults),
  };
  if (faults.length > 0) {
    throw new StartError(
      `Rostra cannot start with this environment:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
  }
  return Object.freeze(config);
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

function numberOf(env: Env, name: string, fallback: number, faults: string[]): number {
  const value = Number(env[name] || fallback);
  if (Number.isInteger(value) && value >= 0 && value < 65536) return value;
  faults.push(`${name} must be a port between 0 and 65535, not "${env[name]}".`);
  return fallback;
}

function wordOf<W extends string>(
  env: Env,
  name: string,
  words: readonly W[],
  fallback: W,
  faults: string[],
): W {
  const value = env[name] || fallback;
  const found = words.find((word) => word === value);
  if (!found) faults.push(`${name} must be one of ${words.join(', ')}, not "${value}".`);
  return found ?? fallback;
}

/** The value itself never stands in the sentence: it may hold a password. */
function urlOf(env: Env, name: string, schemes: string[], faults: string[]): string | undefined {
  const value = env[name];
  if (!value) return undefined;
  if (URL.canParse(value) && schemes.includes(new URL(value).protocol)) {
    return value.replace(/\/+$/, '');
  }
  faults.push(
    `${name} must be an address that begins with ${schemes.map((s) => `${s}//`).join(' or ')}.`,
  );
  return undefined;
}

function defaultUrl(host: string, port: number): string {
  const shown = host === '0.0.0.0' || host === '::' || host === '127.0.0.1' ? 'localhost' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}

function listOf(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}

/** `9.9.9.9`, `127.0.0.1:5353`, `[::1]:53`. */
function addressesOf(env: Env, name: string, faults: string[]): string[] {
  const given = listOf(env[name]);
  if (given.every((one) => isIP(one) || isIP(one.replace(/^\[?([^\]]*)\]?:\d+$/, '$1'))))
    return given;
  faults.push(`${name} must be IP addresses, with a port behind a colon if it is not 53.`);
  return [];
}

/** Without ROSTRA_SECRET one is made in the data folder; several machines must be given the same. */
function secretOf(env: Env, data: string, faults: string[]): Buffer {
  if (env.ROSTRA_SECRET) {
    const secret = Buffer.from(env.ROSTRA_SECRET);
    if (secret.length < 32) faults.push('ROSTRA_SECRET must have at least 32 characters.');
    return secret;
  }
  const file = join(data, 'secret');
  try {
    mkdirSync(data, { recursive: true });
    if (!existsSync(file)) {
      writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
      chmodSync(file, 0o600);
    }
    return Buffer.from(readFileSync(file, 'utf8').trim());
  } catch (cause) {
    const isRace = (cause as NodeJS.ErrnoException).code === 'EEXIST' && existsSync(file);
    if (isRace) return secretOf(env, data, faults);
    faults.push(
      `The data folder ${data} cannot be read and written (${(cause as Error).message}). Give ROSTRA_DATA a folder that can.`,
    );
    return Buffer.alloc(0);
  }
}
