import { afterEach, expect } from 'vitest';
import {
  defaultMapping,
  type DestinationConfig,
  type Event,
  type Memory,
  type Outcome,
  type Request,
  type SendContext,
} from '@waybill/core';
import { iterable } from '@waybill/destinations';
import { createSandbox, type Sandbox, type SandboxOptions, type Switches } from '@waybill/iterable-sandbox';

import { createPlayer, event, overHttp, play, type Played, type Stage } from '../harness.ts';
import { strangeIn } from './official-schemas.ts';

/** An object of a request or an answer. */
export type Body = Readonly<Record<string, unknown>>;

/** A project and the destination that writes to it. */
export interface Shop {
  readonly sandbox: Sandbox;
  /** The memory, if any. */
  readonly memory: ReadonlyMap<string, string>;
  /** The context of functions of the definition. */
  context(): SendContext;
  send(...events: readonly Event[]): Promise<readonly Outcome[]>;
  /** An action with its default mapping, with optional changes. */
  action(key: string, own?: Body): Act;
  sendWith(change: Partial<Change>, ...events: readonly Event[]): Promise<readonly Played[]>;
  get(path: string): Promise<Body>;
  post(path: string, body: unknown): Promise<Body>;
  profile(identifiers: { readonly email: string } | { readonly userId: string }): Promise<Body | undefined>;
}

/** An action under test. */
export interface Act {
  (...events: readonly Event[]): Promise<readonly Outcome[]>;
  attempt(attempt: number, ...events: readonly Event[]): Promise<readonly Outcome[]>;
}

/** Changes of a run. */
export interface Change {
  readonly settings: Body;
  readonly mappings: NonNullable<DestinationConfig['mappings']>;
}

const open: Sandbox[] = [];
const strangeBodies: string[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
  // Every body in the tests must be one that Iterable's own client could send.
  expect(strangeBodies.splice(0)).toEqual([]);
});

/** The interpretation of open questions in this run: `name=reading`, separated by commas. */
export function readingOfRun(): Partial<Switches> {
  const wanted = process.env['ITERABLE_SWITCHES'] ?? '';
  const pairs = wanted.split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(pairs.map((pair) => pair.split('=')));
}

/** A project that is closed after the test, with the switches of this run; those of the test take precedence. */
export async function openProject(options: SandboxOptions = {}): Promise<Sandbox> {
  const switches = { ...readingOfRun(), ...options.switches };
  const sandbox = await createSandbox({ limits: false, ...options, switches });
  open.push(sandbox);
  return sandbox;
}

/** A `Request` over the network that checks every body with the schemas of the official client. */
export function watched(): Request {
  const request = overHttp();
  return (call) => {
    strangeBodies.push(...strangeIn(call));
    return request(call);
  };
}

/** A project, the destination that writes to it, and a client that reads it. */
export async function shop(
  options: SandboxOptions & { readonly remembers?: boolean } = {},
  own: Body = {},
): Promise<Shop> {
  const { remembers = false, ...rest } = options;
  const sandbox = await openProject(rest);
  // One object for all requests, as in the engine: it identifies the instance.
  const settings = {
    apiKey: 'demo',
    apiUrl: sandbox.url,
    projectType: options.projectType ?? 'hybrid',
    ...own,
  };
  const call = async (method: string, path: string, body?: unknown): Promise<Body> => {
    const response = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: { 'Api-Key': 'demo', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as Body;
  };
  const memory = new Map<string, string>();
  const stage = (change: Partial<Change>): Stage => ({
    destination: iterable,
    request: watched(),
    ...(remembers ? { memory: memoryOf(memory) } : {}),
    ...change,
    settings: { ...settings, ...change.settings },
  });
  const usual = createPlayer(stage({}));
  const sendWith: Shop['sendWith'] = (change, ...events) => play(stage(change), events);
  return {
    sandbox,
    memory,
    context: () => ({
      settings,
      request: watched(),
      now: Date.now,
      ...(remembers ? { memory: memoryOf(memory) } : {}),
    }),
    sendWith,
    send: async (...events) => (await usual(events)).map(({ outcome }) => outcome),
    action(key, own = {}) {
      const { fields, defaultTrigger = 'type = "track"' } = iterable.actions[key]!;
      const mapping = { ...defaultMapping(fields), ...own };
      const mappings = [{ id: key, action: key, trigger: defaultTrigger, mapping }];
      const player = createPlayer(stage({ mappings }));
      const act = async (events: readonly Event[], attempt: number): Promise<readonly Outcome[]> =>
        (await player(events, attempt)).map(({ outcome }) => outcome);
      return Object.assign((...events: readonly Event[]) => act(events, 1), {
        attempt: (attempt: number, ...events: readonly Event[]) => act(events, attempt),
      });
    },
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    async profile(identifiers) {
      const [name, value] = Object.entries(identifiers)[0]!;
      const path = name === 'email' ? 'getByEmail' : 'byUserId';
      const { user } = await call('GET', `/api/users/${path}?${name}=${encodeURIComponent(String(value))}`);
      return user as Body | undefined;
    },
  };
}

/** An identify call. */
export const identify = (userId: string | undefined, traits: Body): Event =>
  event({ type: 'identify', anonymousId: 'visitor', ...(userId === undefined ? {} : { userId }), traits });

/** A track call. */
export const track = (
  name: string,
  userId: string | undefined,
  properties: Body,
  context: Body = {},
): Event =>
  event({
    type: 'track',
    event: name,
    anonymousId: 'v',
    ...(userId === undefined ? {} : { userId }),
    properties,
    context,
  });

/** A line of an order. */
export const tea = (quantity = 1): Body => ({
  product_id: 'tea',
  name: 'Tea',
  price: 4.5,
  quantity,
  category: 'Drinks',
  tin: true,
});

/** The outcome of an accepted item. */
export const DELIVERED = expect.objectContaining({ status: 'delivered' });

/** The outcome of a rejected item. */
export const refused = (code: string, more: Body = {}): unknown =>
  expect.objectContaining({ status: 'rejected', code, ...more });

/** The three project types, for tests in which they matter. */
export const PROJECT_TYPES = ['email', 'userId', 'hybrid'] as const;

/** A user as the project type knows one: with only a user ID where there are no addresses, else with both. */
export const ADA = { userId: 'u-1', email: 'ada@example.com' } as const;

function memoryOf(held: Map<string, string>): Memory {
  return {
    get: (key) => Promise.resolve(held.get(key)),
    set: (key, value) => {
      if (value === undefined) held.delete(key);
      else held.set(key, value);
      return Promise.resolve();
    },
  };
}
