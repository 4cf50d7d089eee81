// The environment becomes one frozen Config; every fault is told at once.

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Public address without a trailing slash, e.g. `https://parti.example`. */
  readonly url: string;
  /** Absolute path of the data folder. */
  readonly data: string;
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
  readonly logLevel: string;
  /** Answers of the setup page given by the environment. */
  readonly setup: {
    readonly jurisdiction: string | undefined;
    readonly organization: string | undefined;
    readonly adminEmail: string | undefined;
    readonly adminPassword: string | undefined;
  };
}
