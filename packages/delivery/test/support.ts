import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  defineAction,
  defineDestination,
  type Event,
  type Item,
  type Outcome,
  type ResolvedDestination,
  type ResolvedMapping,
  type SendContext,
} from '@waybill/core';
import {
  createEngine,
  createInstallation,
  type Engine,
  type EngineInput,
  type LaneKey,
  type Log,
  type State,
  type StepReport,
} from '../src/index.ts';
import {
  type EventLogOptions,
  logOf,
  openEventLog,
  openStateStore,
  stateOf,
  type StateStoreOptions,
} from '../src/drivers/sqlite/index.ts';
import { dice } from './dice.ts';

/** Creates a temporary directory for a test; `clean` removes it. */
export function tempDir(): { path: (name: string) => string; clean: () => void } {
  const directory = mkdtempSync(join(tmpdir(), 'waybill-'));
  return {
    path: (name) => join(directory, name),
    clean: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** The driver of the tests; a named file is always SQLite. */
let driver: 'sqlite' | 'memory' = 'sqlite';

/** The drivers that the engine is tested with. */
export const DRIVERS = ['sqlite', 'memory'] as const;

/** Makes the following tests open their stores with a driver. */
export function over(one: typeof driver): void {
  driver = one;
}

/** Operations of the memory driver take some turns of the event loop, so that they overtake each other. */
function pause(): () => Promise<void> {
  const random = dice(7);
  return async () => {
    for (let turns = Math.floor(random() * 3); turns > 0; turns -= 1)
      await new Promise((resolve) => setImmediate(resolve));
  };
}

/** A log with a `close` for tests. */
export type OpenLog = Log & { close(): Promise<void> };

/** A state with a `close` for tests. */
export type OpenState = State & { close(): Promise<void> };

/** Opens a log: in a file, or without one by the driver of the tests. */
export function openLog(options: Partial<EventLogOptions> = {}): OpenLog {
  const { now = Date.now, file = ':memory:' } = options;
  if (file === ':memory:' && driver === 'memory') {
    const stores = createInstallation({ pause: pause() }).open({ ...options, writes: ['log'], now });
    return { ...stores.log, close: stores.close };
  }
  const opened = openEventLog({ ...options, file, now });
  return { ...logOf(opened), close: () => opened.close() };
}

/** Opens a state in the same way. */
export function openState(
  options: Partial<StateStoreOptions> & { readonly now?: () => number } = {},
): OpenState {
  const { now = Date.now, file = ':memory:', ...rest } = options;
  if (file === ':memory:' && driver === 'memory') {
    const stores = createInstallation({ pause: pause() }).open({ ...rest, writes: ['state'], now });
    return { ...stores.state, close: stores.close };
  }
  const opened = openStateStore({ ...rest, file });
  return { ...stateOf(opened, now), close: async () => opened.close() };
}

/** Returns the lane of a destination. */
export function key(destination: string, partition = 0): LaneKey {
  return { destination, partition };
}

/** Creates a track event of a user. */
export function event(id: string, userId = 'u1', properties: Record<string, unknown> = {}): Event {
  const at = '2025-06-01T12:00:00.000Z';
  return {
    type: 'track',
    event: 'Thing Done',
    messageId: id,
    userId,
    timestamp: at,
    receivedAt: at,
    properties,
    context: {},
  };
}

/** Appends events of one source. */
export async function append(log: Log, events: readonly Event[], sourceId = 'shop'): Promise<void> {
  await log.append(events.map((one) => ({ sourceId, event: one })));
}

/** The payload of the fake action. */
export interface Thing {
  readonly id: string;
  readonly user?: string | undefined;
}

/** Returns the outcomes of one call of the fake destination. */
export type Answer = (
  things: readonly Item<Thing>[],
  context: SendContext,
) => Promise<readonly Outcome[]> | readonly Outcome[];

const TRACK: ResolvedMapping = {
  id: 'things',
  name: 'Things',
  enabled: true,
  action: 'send',
  trigger: 'type = "track"',
  dialect: 'waybill',
  mapping: { id: { '@path': '$.messageId' }, user: { '@path': '$.userId' } },
};

/** Creates a mapping of the fake destination with changes. */
export function mapping(changes: Partial<ResolvedMapping> = {}): ResolvedMapping {
  return { ...TRACK, ...changes };
}

/** Creates an instance of a destination whose only action answers as given. */
export function destination(
  answer: Answer,
  changes: Partial<ResolvedDestination> & {
    readonly maxItems?: number;
    readonly groupBy?: (thing: Thing) => string;
  } = {},
): ResolvedDestination {
  const { maxItems = 1_000, groupBy, ...rest } = changes;
  const fields = {
    id: { label: 'Id', description: 'Id.', type: 'string', required: true },
    user: { label: 'User', description: 'User.', type: 'string' },
  } as const;
  const send = defineAction({
    title: 'Send',
    description: 'Sends.',
    fields,
    ...(maxItems === 1
      ? {}
      : { batch: { maxItems, maxBytes: 4_000_000, ...(groupBy === undefined ? {} : { groupBy }) } }),
    send: async (items, context) => answer(items, context),
  });
  const fake = defineDestination({
    slug: 'fake',
    name: 'Fake',
    description: 'For tests.',
    settings: {
      key: { label: 'Key', description: 'Key.', type: 'password' },
      url: { label: 'URL', description: 'URL.', type: 'string' },
    },
    actions: { send },
  });
  return {
    id: 'fake',
    name: 'Fake',
    enabled: true,
    destination: fake,
    sources: undefined,
    settings: { key: 'top-secret-key' },
    mappings: [TRACK],
    ...rest,
  };
}

/** A clock that the test sets. */
export interface TestClock {
  (): number;
  advance(milliseconds: number): void;
}

/** Creates a clock that starts at a fixed time. */
export function clock(start = Date.UTC(2025, 5, 1, 12)): TestClock {
  let time = start;
  return Object.assign(() => time, {
    advance(milliseconds: number) {
      time += milliseconds;
    },
  });
}

/** An engine on stores in memory, with what a test inspects. */
export interface World {
  readonly log: OpenLog;
  readonly state: OpenState;
  readonly engine: Engine;
  readonly now: TestClock;
  readonly steps: StepReport[];
  readonly logged: { level: string; fields: object; message: string }[];
  close(): Promise<void>;
}

/** Creates a configured and started engine for a test. */
export async function world(
  destinations: readonly ResolvedDestination[],
  options: Partial<EngineInput> & { now?: TestClock; log?: OpenLog; state?: OpenState } = {},
): Promise<World> {
  const now = options.now ?? clock();
  const log = options.log ?? openLog({ now });
  const state = options.state ?? openState({ now });
  const steps: StepReport[] = [];
  const logged: World['logged'] = [];
  const say = (level: string) => (fields: object, message: string) =>
    void logged.push({ level, fields, message });
  const engine = createEngine({
    random: () => 0.5,
    logger: { info: say('info'), warn: say('warn'), error: say('error') },
    onStep: (step) => steps.push(step),
    ...options,
    now,
    log,
    state,
  });
  await engine.configure(destinations);
  engine.start();
  return {
    log,
    state,
    engine,
    now,
    steps,
    logged,
    async close() {
      await engine.stop();
      await log.close();
      await state.close();
    },
  };
}

/** Waits until a condition is true; fails after some seconds. */
export async function until(check: () => boolean | Promise<boolean>, wake?: () => void): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await check())) {
    if (Date.now() > end) throw new Error('It did not come to that.');
    wake?.();
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

/** A real HTTP server on a free port. */
export async function serve(
  handler: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<{ url: string; host: string; server: Server; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => handler(request, response, body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    server,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
