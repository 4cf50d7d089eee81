// Tokens and the container: what a plugin binds, others get, by name, through the gate.
import 'reflect-metadata';
import { instanceCachingFactory, container as root } from 'tsyringe';
import type { Scope } from './scope.ts';

/**
 * What may stand behind a token: functions only, scope first, a Promise or an AsyncIterable out,
 * so that the gate can be asked before each call.
 */
export type Service<T> = {
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

/** Who binds or asks: a plugin, with what its manifest lets it reach. */
export interface Party {
  readonly id: string;
  readonly requires: readonly string[];
  readonly enhances: readonly string[];
  /** Extension points of the core. */
  readonly offers?: readonly string[];
}

export interface Container {
  bindFor(party: Party): Bind;
  getFor(party: Party): Get;
  /** A service of the core, made once for each plugin that asks. */
  offer<T extends Service<T>>(token: Token<T>, make: (plugin: string) => T): void;
  /** Forgets what a plugin bound, when it turned out faulty. */
  forget(plugin: string): void;
}

interface Binding {
  readonly plugin: string;
  readonly make: () => object;
}

/**
 * `gate` is asked for the binder before each call that comes from another plugin; it throws the
 * refusal. `isOn` answers the same for lists, without throwing.
 */
export function makeContainer(
  gate: (binder: string, scope: Scope) => void,
  isOn: (binder: string, scope: Scope) => boolean,
): Container {
  const services = root.createChildContainer();
  const bindings = new Map<string, Binding[]>();
  const proxies = new WeakMap<object, object>();

  function serviceOf(binding: Binding, asker: string): object {
    const service = binding.make();
    if (binding.plugin === asker) return service;
    const known = proxies.get(service) ?? guard(service, (scope) => gate(binding.plugin, scope));
    proxies.set(service, known);
    return known;
  }

  function getFor(party: Party): Get {
    const reach = (id: string, from: readonly string[]): Binding[] => {
      const owner = ownerOf(id);
      if (owner !== party.id && !from.includes(owner)) {
        throw new Error(
          `Plugin "${party.id}" asks for ${id}, but "${owner}" does not stand in its requires in plugin.json.`,
        );
      }
      return bindings.get(id) ?? [];
    };
    const get = <T extends Service<T>>(token: Token<T>): T => {
      if (ownerOf(token.id) === 'core') {
        return services.resolve<(plugin: string) => T>(token.id)(party.id);
      }
      const [binding] = reach(token.id, party.requires);
      if (!binding)
        throw new Error(`Nothing is bound to ${token.id}, which "${party.id}" asks for.`);
      return serviceOf(binding, party.id) as T;
    };
    const both = [...party.requires, ...party.enhances];
    return Object.assign(get, {
      optional: <T extends Service<T>>(token: Token<T>): T | undefined => {
        const [binding] = reach(token.id, both);
        return binding && (serviceOf(binding, party.id) as T);
      },
      many:
        <T extends Service<T>>(point: ExtensionPoint<T>) =>
        (scope: Scope): Offer<T>[] =>
          reach(point.id, both)
            .filter((binding) => binding.plugin === party.id || isOn(binding.plugin, scope))
            .map((binding) => ({
              plugin: binding.plugin,
              service: serviceOf(binding, party.id) as T,
            })),
    });
  }

  function bindFor(party: Party): Bind {
    return (token, make) => {
      const owner = ownerOf(token.id);
      const known = bindings.get(token.id) ?? [];
      refuseForeign(party, token, owner);
      if (!token.many && known.length > 0) {
        throw new Error(`${token.id} is bound twice; only an extension point may be.`);
      }
      const key = `${token.id}#${party.id}#${known.length}`;
      services.register(key, { useFactory: instanceCachingFactory(() => make(getFor(party))) });
      const binding = { plugin: party.id, make: () => services.resolve<object>(key) };
      bindings.set(token.id, [...known, binding]);
    };
  }

  return {
    bindFor,
    getFor,
    offer(token, make) {
      const made = new Map<string, ReturnType<typeof make>>();
      services.registerInstance(token.id, (plugin: string) => {
        const service = made.get(plugin) ?? make(plugin);
        made.set(plugin, service);
        return service;
      });
    },
    forget(plugin) {
      for (const [id, known] of bindings) {
        bindings.set(
          id,
          known.filter((binding) => binding.plugin !== plugin),
        );
      }
    },
  };
}

function ownerOf(tokenId: string): string {
  return tokenId.slice(0, tokenId.indexOf('.'));
}

function refuseForeign(party: Party, token: Token<unknown>, owner: string): void {
  if (owner === party.id) return;
  if (owner === 'core' && token.many && !party.offers?.includes(token.id)) {
    throw new Error(
      `Plugin "${party.id}" binds ${token.id}, which must stand in offers of its plugin.json.`,
    );
  }
  const reaches = ['core', ...party.requires, ...party.enhances].includes(owner);
  if (token.many && reaches) return;
  throw new Error(
    `Plugin "${party.id}" may not bind ${token.id}: it is ${token.many ? 'not in its requires or enhances' : `"${owner}"'s own`}.`,
  );
}

/** Hands out the service's functions so that each call asks first; a refusal rejects, it never throws. */
function guard(service: object, ask: (scope: Scope) => void): object {
  return new Proxy(service, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (key === 'then' || typeof member !== 'function') return undefined;
      return (scope: Scope, ...rest: unknown[]) => {
        try {
          ask(scope);
        } catch (refusal) {
          return rejected(refusal);
        }
        return member.call(target, scope, ...rest);
      };
    },
  });
}

/** What a caller may await or iterate over alike: both meet the refusal. */
function rejected(refusal: unknown): Promise<never> & AsyncIterable<never> {
  const promise = Promise.reject(refusal);
  promise.catch(() => undefined);
  return Object.assign(promise, {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(refusal) }),
  });
}
