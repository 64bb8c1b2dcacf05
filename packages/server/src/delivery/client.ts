import type { DestinationConfig } from '@waybill/core';
import type { SentTest, Tried } from '@waybill/api';
import type { LoggedEvent, StepReport, TestedConnection } from '@waybill/delivery';
import type { ModuleStatus } from '../containment/process.ts';
import type { Ask, Operations, Variables } from './operations.ts';
import type { WorkerData } from './protocol.ts';
import type { GoOn, OldLane } from '../folder/reach.ts';
import { startThread, type Thread } from './thread.ts';
import type { TryQuestion } from './try.ts';
import type { DeliveryWorkspace } from './workspace.ts';

/** The accepting thread's handle of the delivery thread. */
export interface Delivery {
  wake(): void;
  /** Calls one of the operations. */
  readonly ask: Ask;
  /** Applies a workspace. `isOwn`: the change was made here, and not by another process with the same store. */
  configure(workspace: DeliveryWorkspace, isOwn?: boolean): Promise<void>;
  /** Tests the settings of a destination with real calls, with the variables that they name. */
  test(config: DestinationConfig): Promise<TestedConnection>;
  /** Tests a mapping with events, with the variables that the settings name; nothing is sent. */
  try(question: TryQuestion): Promise<Tried>;
  /** Really sends an event with the mapping of a destination, outside of its lane. */
  sendTest(config: DestinationConfig, event: LoggedEvent): Promise<SentTest>;
  stop(): Promise<void>;
  /** Whether the thread delivers; false while it is being restarted. */
  readonly alive: boolean;
  /** Returns the status of the processes of modules. */
  modules(): readonly ModuleStatus[];
  /** The lanes because of which delivery is paused as a whole, since their cursors in the state are too old; empty when it is not. */
  readonly old: readonly OldLane[];
  /** Resumes delivery; those lanes continue at the cursor of the state or the log. */
  resume(from: GoOn): Promise<void>;
}

/** The timeout for the end of a stopped delivery thread, in milliseconds. */
const LAST_WAIT = 2_000;

/** The first delay before an ended delivery thread is restarted, in milliseconds: doubled each time. */
const RESTART = { first: 500, longest: 30_000 };

/** The time after which a delivery thread counts as started successfully, in milliseconds. */
const SETTLED = 60_000;

/**
 * Starts the delivery thread and resolves when it delivers. If it ends unexpectedly, it is restarted after a delay, with the current
 * workspace.
 */
export async function startDelivery(input: {
  readonly data: Omit<WorkerData, 'env'>;
  /** The variables that destinations refer to, read again at each change. */
  readonly env: (destinations: readonly DestinationConfig[]) => Variables;
  /** Resolves when the log is readable. When it rejects, so does the start. */
  readonly opened: Promise<void>;
  readonly onStep: (step: StepReport) => void;
  /** Called when a person has decided where delivery continues. */
  readonly onResume: () => void;
  /** Called when the thread ends unexpectedly, with the milliseconds until its restart. */
  readonly onDeath: (error: Error, restartMs: number) => void;
}): Promise<Delivery> {
  const modules = new Map<string, ModuleStatus>();
  let { workspace } = input.data;
  let delivers = false;
  let stopping = false;
  let woken = false;
  let failures = 0;
  let old: readonly OldLane[] = [];
  let timer: NodeJS.Timeout | undefined;

  const start = (): Thread => {
    const startedAt = Date.now();
    const started = startThread(
      { ...input.data, workspace, env: input.env(workspace.destinations) },
      {
        onStep: input.onStep,
        onReady: (found) => (old = found),
        onModule: (status) => modules.set(status.module, status),
        onEnd(error) {
          // A failed start is reported to the caller.
          if (stopping || (!delivers && failures === 0)) return;
          delivers = false;
          failures = Date.now() - startedAt > SETTLED ? 1 : failures + 1;
          const wait = Math.min(RESTART.longest, RESTART.first * 2 ** (failures - 1));
          input.onDeath(error, wait);
          timer = setTimeout(() => {
            thread = start();
            thread.post({ kind: 'open' });
          }, wait);
        },
      },
    );
    started.ready.then(
      () => (delivers = true),
      () => undefined,
    );
    return started;
  };
  let thread = start();
  try {
    await input.opened;
  } catch (error) {
    stopping = true;
    await thread.ended(0);
    throw error;
  }
  thread.post({ kind: 'open' });
  await thread.ready;

  // Not `thread.ask` itself: after a restart the thread is another one.
  const ask: Ask = <O extends keyof Operations>(operation: O, ...given: Parameters<Operations[O]>) =>
    thread.ask<O>(operation, ...given);
  const envOf = (config: DestinationConfig): Variables => input.env([config]);
  return {
    ask,
    get alive() {
      return delivers && thread.alive;
    },
    modules: () => [...modules.values()],
    get old() {
      return old;
    },
    async resume(from) {
      await ask('resume', from);
      old = [];
      input.onResume();
    },
    wake() {
      // One message per turn of the event loop is enough, for any number of events.
      if (woken || !thread.alive) return;
      woken = true;
      setImmediate(() => {
        woken = false;
        if (thread.alive && !stopping) thread.post({ kind: 'wake' });
      });
    },
    async configure(next, isOwn = true) {
      workspace = next;
      // A thread that has not started yet receives it then.
      if (thread.alive) await ask('configure', workspace, input.env(workspace.destinations), isOwn);
    },
    test: (config) => ask('test', config, envOf(config)),
    try: (question) => ask('try', question, envOf(question.config)),
    sendTest: (config, event) => ask('sendTest', config, event, envOf(config)),
    async stop() {
      stopping = true;
      clearTimeout(timer);
      if (!thread.alive) return;
      try {
        await ask('stop');
      } catch {
        // The thread has ended without it.
      }
      // It ends by itself; open handles of a destination must not keep the server from ending.
      await thread.ended(LAST_WAIT);
    },
  };
}

/** Returns the environment variables that a configuration names with `{ "$env": "NAME" }`, with their values. */
export function namedVariables(
  configuration: unknown,
  env: (name: string) => string | undefined,
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const name = (value as { $env?: unknown }).$env;
    if (typeof name === 'string') {
      const text = env(name);
      if (text !== undefined) found[name] = text;
      return;
    }
    for (const member of Object.values(value)) visit(member);
  };
  visit(configuration);
  return found;
}
