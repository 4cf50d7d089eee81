// Tokens and the container: what a plugin binds, others get, by name, through the gate.
import 'reflect-metadata';
import type { Scope } from './scope.ts';

/**
 * What may stand behind a token: functions only, scope first, a Promise or an AsyncIterable out,
 * so that the gate can be asked before each call.
 */
export type Service<T> = {
  // biome-ignore lint/suspicious/noExplicitAny: the shape of a function's arguments is not our matter
  [K in keyof T]: (scope: Scope, ...rest: any[]) => Promise<unknown> | AsyncIterable<unknown>;
};

declare const shape: unique symbol;
export interface Token<T> {
  readonly id: string;
  readonly many: boolean;
  readonly [shape]?: T;
}
export interface ExtensionPoint<T> extends Token<T> {
  readonly many: true;
}

/** A name for one service, `<plugin>.<Name>`; share it with the interface of the same name. */
export function token<T extends Service<T>>(id: string): Token<T> {
  return { id, many: false };
}

/** A name that several plugins may bind, e.g. `fundraising.PaymentProvider`. */
export function extensionPoint<T extends Service<T>>(id: string): ExtensionPoint<T> {
  return { id, many: true };
}

/** Binds a service; `make` runs when it is first asked for. */
export type Bind = <T extends Service<T>>(token: Token<T>, make: (get: Get) => T) => void;

/** One binding of an extension point. */
export interface Offer<T> {
  plugin: string;
  service: T;
}

export interface Get {
  /** A service of the core, of this plugin or of one in its `requires`. */
  <T extends Service<T>>(token: Token<T>): T;
  /** A service of a plugin in `enhances`; `undefined` when that is not loaded. */
  optional<T extends Service<T>>(token: Token<T>): T | undefined;
  /** What is bound to an extension point and on for the scope, at the time of the call. */
  many<T extends Service<T>>(point: ExtensionPoint<T>): (scope: Scope) => Offer<T>[];
}
