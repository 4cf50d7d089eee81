// What a plugin's tests use: a whole server on a database of their own, or a scope alone. This is `rostra/testing`.

export { type App, type AppOptions, makeApp } from './app.ts';
export { type Browser, openBrowser } from './browser.ts';
export { pluginFaults } from './check.ts';
export { type Answer, type Client, makeClient } from './client.ts';
export { cloneDatabase, cloneEmpty, type Test } from './database.ts';
export { startMailServer } from './mail-server.ts';
export { makePeer, type Peer } from './peer.ts';
export { type SilenceSeen, type SilenceTrial, startMailSink, trySilence } from './silence.ts';
export { type Queries, queriesOf, type Sisters, sisterFaults } from './sister.ts';
export { until } from './until.ts';
