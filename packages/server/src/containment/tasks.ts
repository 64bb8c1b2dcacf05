import {
  type Action,
  type AudienceAnswer,
  checkAudience,
  checkChoices,
  checkConnection,
  checkHook,
  checkOutcome,
  checkOutcomes,
  type DerivedPayload,
  type Destination,
  type HttpCall,
  type Memory,
  type Outcome,
  PROJECT_TYPES,
  type ProjectType,
  type RateLimit,
  type RateReading,
  readBody,
  type Request,
  type SendContext,
} from '@waybill/core';
import type { Exported } from '@waybill/definitions/modules';
import { messageOf } from './failure.ts';
import type { ItemsCall } from './events.ts';
import { createHeld, type Held, NOT_HELD, readItems, type WireDerivation, writeDerivation } from './items.ts';
import { createMirrors } from './mirrors.ts';
import type {
  DestinationTask,
  FromProcess,
  NumberedSettings,
  ToProcess,
  WireAnswer,
  WireCall,
} from './protocol.ts';
import type { SourceTask } from './source-protocol.ts';
import { performSource } from './source-tasks.ts';

/** Runs the code of definitions for requests from outside the process. */
export interface Tasks {
  begin(message: Extract<ToProcess, { kind: 'task' }>): void;
  /** Handles the answer to an earlier question of a task. */
  reply(message: Extract<ToProcess, { kind: 'reply' }>): void;
  /** Grants an instance its requested turn. */
  turn(message: Extract<ToProcess, { kind: 'turn' }>): void;
}

/** The number of cached settings objects: definitions store tokens and caches by them. */
const MOST_SETTINGS = 200;

/** The maximum size of the body of a call. */
const LARGEST_BODY = 32 * 1024 * 1024;

/** The maximum number of limits of a destination. */
const MOST_LIMITS = 500;

/** The cached data of settings. */
interface Instance {
  readonly settings: unknown;
  instance?: { readonly of: unknown };
  /** The memory of a source. */
  readonly memory: Map<string, unknown>;
}

type BeginTask = Extract<ToProcess, { kind: 'task' }>;

/** Creates the tasks of one process. */
export function createTasks({ destinations, sources }: Exported, say: (message: FromProcess) => void): Tasks {
  const waiting = new Map<string, (value: unknown) => void>();
  const known = new Map<number, Instance>();
  const mirrors = createMirrors(say);
  const held = createHeld();
  let questions = 0;

  const instanceFor = ({ id, value }: NumberedSettings): Instance => {
    const found: Instance = known.get(id) ?? { settings: value, memory: new Map() };
    // The first entries of the map are the least recently used.
    known.delete(id);
    known.set(id, found);
    if (known.size > MOST_SETTINGS) known.delete(known.keys().next().value!);
    return found;
  };
  const ask = <T>(id: number, make: (number: number) => FromProcess): Promise<T> =>
    new Promise((resolve) => {
      const number = (questions += 1);
      waiting.set(`${id} ${number}`, resolve as (value: unknown) => void);
      say(make(number));
    });
  const requestOf = (id: number): Request => {
    return async (call) => {
      const wire = writeCall(call);
      const answer = await ask<WireAnswer>(id, (number) => ({ kind: 'request', id, number, call: wire }));
      return answer.kind === 'failure' ? answer : { ...answer, body: readBody(answer.text) };
    };
  };
  const memoryOf = (id: number): Memory => ({
    get: (key) => ask(id, (number) => ({ kind: 'recall', id, number, key: text(key, 'key') })),
    set: (key, value) =>
      ask(id, (number) => ({
        kind: 'remember',
        id,
        number,
        key: text(key, 'key'),
        value: value === undefined ? undefined : text(value, 'value'),
      })),
  });
  const runSource = async (task: SourceTask, { settings, id }: BeginTask): Promise<unknown> => {
    const source = sources.find(({ slug }) => slug === task.slug);
    if (source === undefined) throw new Error(`The module has no source "${task.slug}" any more.`);
    const { settings: own, memory } = instanceFor(settings);
    return performSource(task, source, { settings: own, request: requestOf(id), now: Date.now, memory });
  };
  const run = async (message: BeginTask): Promise<unknown> => {
    const { task, settings, id, memory, kept } = message;
    if (task.kind === 'source') return runSource(task, message);
    const destination = destinations.find(({ slug }) => slug === task.slug);
    if (destination === undefined) throw new Error(`The module has no destination "${task.slug}" any more.`);
    const found = instanceFor(settings);
    if (kept !== undefined) {
      const state = mirrors.of(kept);
      found.instance ??= { of: destination.open?.(found.settings, state) };
    }
    const context: SendContext = Object.freeze({
      settings: found.settings,
      ...(found.instance === undefined ? {} : { instance: found.instance.of }),
      request: requestOf(id),
      now: Date.now,
      ...(memory ? { memory: memoryOf(id) } : {}),
    });
    return perform(task, destination, context, { held, id, read: () => say({ kind: 'read', id }) });
  };
  return {
    begin(message) {
      const { id } = message;
      run(message).then(
        (value) => say({ kind: 'done', id, value }),
        (error: unknown) => say({ kind: 'threw', id, message: messageOf(error) }),
      );
    },
    turn: mirrors.begin,
    reply({ id, number, value }) {
      const key = `${id} ${number}`;
      waiting.get(key)?.(value);
      waiting.delete(key);
    },
  };
}

/** Runs one function of a destination; the result is plain and bounded. */
async function perform(
  task: DestinationTask,
  destination: Destination,
  context: SendContext,
  call: ItemsCall & { readonly held: Held },
): Promise<unknown> {
  switch (task.kind) {
    case 'send': {
      const items = readItems(task.items, call.held, call);
      if (items === undefined) return NOT_HELD;
      const outcomes = await actionOf(destination, task.action).send(items, context);
      return plainOutcomes(checkOutcomes(outcomes, items.length));
    }
    case 'derive': {
      call.held.keep(task.batch, task.payloads);
      return derive(actionOf(destination, task.action), destination, task.payloads, context.settings);
    }
    case 'choices': {
      const action = actionOf(destination, task.action);
      const fields = (task.hook === undefined ? action : action.hooks?.[task.hook])?.dynamicFields;
      const read = fields?.[task.field];
      if (read === undefined) throw new Error(`The field "${task.field}" has no choices any more.`);
      // Bounded, but otherwise unchanged: JSON has neither functions nor getters.
      return JSON.parse(JSON.stringify(checkChoices(await read(context, task.question)))) as unknown;
    }
    case 'hook': {
      const hook = actionOf(destination, task.action).hooks?.[task.hook];
      if (hook === undefined) throw new Error(`The action has no hook "${task.hook}" any more.`);
      return checkHook(await hook.run(context, task.question));
    }
    case 'testConnection':
      return checkConnection(await destination.testConnection!(context));
    case 'deleteUser':
      return plain(checkOutcome(await destination.deleteUser!(context, task.who)));
    case 'createAudience':
      return plainAudience(await audiencesOf(destination).create(context, task.audience));
    case 'getAudience':
      return plainAudience(await audiencesOf(destination).get(context, task.audience, task.externalId));
    case 'projectType':
      return knownType(destination.projectType!(context.settings));
    case 'rateLimits':
      return limitsOf(destination.rateLimits!(context.settings));
    case 'readRateLimit':
      return readingOf(await destination.readRateLimit!(task.response));
  }
}

function actionOf(destination: Destination, name: string): Action {
  const action = Object.hasOwn(destination.actions, name) ? destination.actions[name] : undefined;
  if (action === undefined) throw new Error(`The module has no action "${name}" any more.`);
  return action;
}

function audiencesOf({ audiences }: Destination): NonNullable<Destination['audiences']> {
  if (audiences === undefined) throw new Error('The module no longer creates audiences.');
  return audiences;
}

function plainAudience(answer: unknown): AudienceAnswer {
  const checked = checkAudience(answer);
  if (checked.outcome === undefined) return { externalId: checked.externalId };
  return { outcome: plain(checked.outcome) as typeof checked.outcome };
}

/** Members of outcomes besides the status. */
const TOLD = ['note', 'code', 'message', 'field', 'afterMs', 'exchanges'] as const;

type Told = Readonly<Record<string, unknown>>;

/** Returns an outcome with only the known members. */
function plain(outcome: Outcome): Outcome {
  const given: Told = { ...outcome };
  const told: Record<string, unknown> = { status: given['status'] };
  for (const name of TOLD) if (given[name] !== undefined) told[name] = given[name];
  return told as unknown as Outcome;
}

/** Returns encoded outcomes: equal neighbours are one object, which is copied once. */
function plainOutcomes(outcomes: readonly Outcome[]): readonly Outcome[] {
  let given: Outcome | undefined;
  let told: Outcome | undefined;
  return outcomes.map((outcome) => {
    if (told !== undefined && outcome === given) return told;
    given = outcome;
    const next = plain(outcome);
    if (told === undefined || !isSame(next, told)) told = next;
    return told;
  });
}

function isSame(left: Outcome, right: Outcome): boolean {
  const [one, other] = [left, right] as unknown as [Told, Told];
  if (one['status'] !== other['status']) return false;
  return TOLD.every((name) => {
    const [a, b] = [one[name], other[name]];
    if (a === b) return true;
    return (
      Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((value, at) => value === b[at])
    );
  });
}

function derive(
  { identifiers, batch }: Action,
  destination: Destination,
  payloads: readonly unknown[],
  settings: unknown,
): WireDerivation {
  const projectType = destination.projectType?.(settings);
  return writeDerivation(
    identifiers === undefined ? undefined : projectType,
    payloads.map((payload): DerivedPayload => {
      try {
        const found = projectType === undefined ? undefined : identifiers?.(payload);
        const group = batch?.groupBy?.(payload);
        return {
          ...(found === undefined
            ? {}
            : {
                identifiers: {
                  email: simple(found.email),
                  userId: simple(found.userId),
                  ...(found.within === undefined ? {} : { within: String(found.within) }),
                },
              }),
          ...(batch?.groupBy === undefined ? {} : { group: text(group, 'batch key') }),
        };
      } catch (error) {
        return { problem: messageOf(error) };
      }
    }),
  );
}

/** A missing identifier stays missing; `true` is as good as an object. */
function simple(value: unknown): string | number | boolean | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' || typeof value === 'number' ? value : true;
}

function knownType(type: ProjectType | undefined): ProjectType {
  if (type !== undefined && PROJECT_TYPES.includes(type)) return type;
  throw new TypeError('The project type is unknown.');
}

function limitsOf(limits: unknown): readonly RateLimit[] {
  if (!Array.isArray(limits)) throw new TypeError('The rate limits are not a list.');
  return (limits as readonly Partial<RateLimit>[])
    .slice(0, MOST_LIMITS)
    .map(({ path, method, amount, seconds, assumed }) => ({
      path: text(path, 'path of a rate limit'),
      ...(method === undefined ? {} : { method }),
      ...(isPositive(amount) ? { amount } : {}),
      ...(isPositive(seconds) ? { seconds } : {}),
      ...(assumed === true ? { assumed } : {}),
    }));
}

function readingOf(reading: RateReading | undefined): RateReading | undefined {
  if (reading === undefined || reading === null) return undefined;
  const { limit, resetMs } = reading;
  return { ...(isPositive(limit) ? { limit } : {}), ...(isPositive(resetMs) ? { resetMs } : {}) };
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** Returns a call as data; its JSON is written here, at the expense of this process. */
function writeCall(call: HttpCall): WireCall {
  const { json, body } = call;
  const method = call.method ?? (json === undefined && body === undefined ? 'GET' : 'POST');
  const url = String(call.url);
  try {
    const written = json === undefined ? body : JSON.stringify(json);
    const typed = json !== undefined && written !== undefined;
    if (written !== undefined && written.length > LARGEST_BODY)
      return { method, url, broken: 'The body of the call is larger than 32 MB.' };
    if (written !== undefined && typeof written !== 'string' && !(written instanceof Uint8Array))
      return { method, url, broken: 'The body of the call is neither a string nor bytes.' };
    const headers = { ...(typed ? { 'content-type': 'application/json' } : {}), ...texts(call.headers) };
    return {
      method,
      url,
      headers,
      ...(call.query === undefined ? {} : { query: texts(call.query) }),
      ...(written === undefined ? {} : { body: typed ? jsonBody(written, headers) : written }),
      ...(call.timeoutMs === undefined ? {} : { timeoutMs: Number(call.timeoutMs) }),
    };
  } catch (error) {
    return { method, url, broken: messageOf(error) };
  }
}

/** The length in characters from which JSON is sent as bytes: a string would be copied more often. */
const LONG_JSON = 8_192;

function jsonBody(json: string | Uint8Array, headers: Readonly<Record<string, string>>): string | Uint8Array {
  if (typeof json !== 'string' || json.length < LONG_JSON) return json;
  // The record shows bytes as JSON because of their type.
  const types = Object.entries(headers).filter(([name]) => name.toLowerCase() === 'content-type');
  return types.every(([, type]) => type === 'application/json') ? Buffer.from(json) : json;
}

function texts(members: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, String(value)]));
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`The ${what} is not a string.`);
}
