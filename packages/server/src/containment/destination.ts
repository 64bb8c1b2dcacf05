import {
  type Action,
  type Audience,
  type AudienceAnswer,
  type Audiences,
  checkOutcomes,
  type ConnectionResult,
  type Derivation,
  type Destination,
  type DynamicAnswer,
  type DynamicField,
  type Hook,
  type HookAnswer,
  type HookName,
  identifiersAt,
  type InstanceState,
  type Issue,
  type Item,
  type Outcome,
  type ProjectType,
  type RateLimit,
  type RateReading,
  retry,
  type SendContext,
} from '@waybill/core';
import { type CallEvents, createReading } from './events.ts';
import { ContainmentError } from './failure.ts';
import {
  createLent,
  NOT_HELD,
  readDerivation,
  type WireDerivation,
  type WireItems,
  writeItems,
} from './items.ts';
import type {
  Described,
  DescribedAction,
  DescribedHook,
  NumberedSettings,
  RunTask,
  Task,
  TaskContext,
} from './protocol.ts';

/** A destination whose code runs in another process. */
export interface Contained {
  readonly destination: Destination;
  /** Requests in advance what a lane with these settings needs synchronously. */
  prime(settings: unknown): Promise<void>;
}

const numbers = new WeakMap<object, number>();
let lastNumber = 0;

/** Returns the number of an object: the same object always has the same number. */
function numberOf(key: object): number {
  let id = numbers.get(key);
  if (id === undefined) numbers.set(key, (id = lastNumber += 1));
  return id;
}

/** Returns settings with their number, which identifies them in the process. */
export function numbered(settings: unknown): NumberedSettings {
  return { id: numberOf(settings as object), value: settings };
}

/** The result of `open` outside the process: the state that the code receives with every task. */
class Kept {
  readonly state: InstanceState;
  constructor(state: InstanceState) {
    this.state = state;
  }
}

/** The context of a question outside of any call. */
function aside(settings: unknown): TaskContext {
  return {
    settings: numbered(settings),
    request: () => Promise.reject(new Error('No calls can be made here.')),
  };
}

/** Asks the code of a destination; `events` are those of the items of the task. */
type Ask = (task: Task, context: SendContext, events?: CallEvents) => Promise<unknown>;

/** Returns a destination like any other, whose functions ask the code in its process. `secrets` are those of its environment. */
export function containedDestination(
  described: Described,
  run: RunTask,
  secrets: readonly string[],
): Contained {
  const { slug, has, actions, audiences, ...data } = described;
  const limits = new WeakMap<object, readonly RateLimit[]>();
  const types = new WeakMap<object, ProjectType>();
  const ask: Ask = (task, { settings, request, memory, instance }, events) =>
    run(task, {
      settings: numbered(settings),
      request,
      ...(events === undefined ? {} : { events }),
      ...(memory === undefined ? {} : { memory }),
      ...(instance instanceof Kept ? { kept: { id: numberOf(instance.state), state: instance.state } } : {}),
    });
  const may = (name: Described['has'][number]): boolean => has.includes(name);
  const destination: Destination = {
    ...data,
    slug,
    secrets: () => secrets,
    actions: Object.fromEntries(
      Object.entries(actions).map(([name, action]) => [name, containedAction(slug, name, action, ask, run)]),
    ),
    ...(may('open') ? { open: (_settings: unknown, state: InstanceState) => new Kept(state) } : {}),
    ...(may('testConnection')
      ? {
          async testConnection(context: SendContext): Promise<ConnectionResult> {
            try {
              return (await ask({ kind: 'testConnection', slug }, context)) as ConnectionResult;
            } catch (error) {
              return { ok: false, issue: issueOf(error) };
            }
          },
        }
      : {}),
    ...(may('deleteUser')
      ? {
          async deleteUser(context: SendContext, who): Promise<Outcome> {
            try {
              return (await ask({ kind: 'deleteUser', slug, who }, context)) as Outcome;
            } catch (error) {
              return outcomeOf(error);
            }
          },
        }
      : {}),
    ...(audiences === undefined ? {} : { audiences: containedAudiences(slug, audiences, ask) }),
    ...(may('projectType') ? { projectType: (settings: unknown) => types.get(settings as object) } : {}),
    ...(may('rateLimits') ? { rateLimits: (settings: unknown) => limits.get(settings as object) ?? [] } : {}),
    ...(may('readRateLimit')
      ? {
          readRateLimit: (response) =>
            run({ kind: 'readRateLimit', slug, response }, aside({})) as Promise<RateReading | undefined>,
        }
      : {}),
  };
  return {
    destination: Object.freeze(destination),
    async prime(settings) {
      const asked = (kind: 'rateLimits' | 'projectType'): Promise<unknown> =>
        run({ kind, slug }, aside(settings));
      const key = settings as object;
      if (may('rateLimits')) limits.set(key, (await asked('rateLimits')) as readonly RateLimit[]);
      if (may('projectType')) types.set(key, (await asked('projectType')) as ProjectType);
    },
  };
}

function containedAudiences(slug: string, fields: Audiences['fields'], ask: Ask): Audiences {
  const asked = async (task: Task, context: SendContext): Promise<AudienceAnswer> => {
    try {
      return (await ask(task, context)) as AudienceAnswer;
    } catch (error) {
      return { outcome: outcomeOf(error) };
    }
  };
  return {
    fields,
    create: (context, audience: Audience) => asked({ kind: 'createAudience', slug, audience }, context),
    get: (context, audience, externalId) =>
      asked({ kind: 'getAudience', slug, audience, externalId }, context),
  };
}

function containedAction(
  slug: string,
  name: string,
  { dynamicFields, derives, members, hooks, ...data }: DescribedAction,
  ask: Ask,
  run: RunTask,
): Action {
  const choicesOf =
    (hook?: HookName) =>
    (field: string): DynamicField<SendContext> =>
    async (context, question) => {
      try {
        const of = hook === undefined ? {} : { hook };
        const task = { kind: 'choices', slug, action: name, ...of, field, question } as const;
        return (await ask(task, context)) as DynamicAnswer;
      } catch (error) {
        return { error: issueOf(error) };
      }
    };
  const dynamicOf = (fields: readonly string[], hook?: HookName): Pick<Action, 'dynamicFields'> =>
    fields.length === 0
      ? {}
      : { dynamicFields: Object.fromEntries(fields.map((field) => [field, choicesOf(hook)(field)])) };
  const hookOf = (
    hook: HookName,
    { dynamicFields: own, ...described }: DescribedHook,
  ): Hook<SendContext> => ({
    ...described,
    ...dynamicOf(own, hook),
    async run(context, question) {
      try {
        return (await ask({ kind: 'hook', slug, action: name, hook, question }, context)) as HookAnswer;
      } catch (error) {
        return { error: issueOf(error) };
      }
    },
  });
  const lent = createLent();
  const reading = createReading();
  const sendItems = async (items: readonly Item[], context: SendContext): Promise<unknown> => {
    const { events, along } = reading.begin(items);
    const sending = (wire: WireItems): Promise<unknown> =>
      ask({ kind: 'send', slug, action: name, items: wire }, context, events);
    const told = await sending(writeItems(items, along, { lent, members }));
    // The process was restarted meanwhile, or had too many.
    return told === NOT_HELD ? sending(writeItems(items, along, { members })) : told;
  };
  return Object.freeze<Action>({
    ...data,
    ...dynamicOf(dynamicFields),
    ...(hooks === undefined
      ? {}
      : {
          hooks: Object.fromEntries(
            Object.entries(hooks).map(([hook, one]) => [hook, hookOf(hook as HookName, one)]),
          ),
        }),
    // Payloads of an action are objects: they are built from its fields.
    ...(members === undefined ? {} : { identifiers: identifiersAt(members) as Action['identifiers'] & {} }),
    ...(derives
      ? {
          async derive(payloads: readonly unknown[], settings: unknown): Promise<Derivation> {
            try {
              const batch = lent.lend(payloads);
              const task = { kind: 'derive', slug, action: name, payloads, batch } as const;
              return readDerivation((await run(task, aside(settings))) as WireDerivation);
            } catch (error) {
              return { failure: outcomeOf(error) };
            }
          },
        }
      : {}),
    async send(items, context) {
      try {
        return checkOutcomes(await sendItems(items, context), items.length);
      } catch (error) {
        const outcome = outcomeOf(error);
        return items.map(() => outcome);
      }
    },
  });
}

function outcomeOf(error: unknown): ReturnType<typeof retry> {
  if (error instanceof ContainmentError) return retry(error.code, error.message, error.afterMs);
  return retry('destination_bug', error instanceof Error ? error.message : String(error));
}

function issueOf(error: unknown): Issue {
  const { code, message } = outcomeOf(error) as { readonly code: Issue['code']; readonly message: string };
  return { code, path: '', message };
}
