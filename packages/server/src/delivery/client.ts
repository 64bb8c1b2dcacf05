import { Worker } from 'node:worker_threads';
import type {
  DeletionRequest,
  DestinationConfig,
  DynamicAnswer,
  DynamicQuestion,
  Workspace,
} from '@waybill/core';
import type { DeadLetterFilter, PeriodFilter, ResyncFilter, StepReport } from '@waybill/delivery';
import type {
  DeletionAnswer,
  FromWorker,
  ReplayAnswer,
  TestAnswer,
  ToWorker,
  WorkerData,
} from './protocol.ts';
import type { Replay } from './replays.ts';

/** The accepting thread's handle of the delivery thread. */
export interface Delivery {
  wake(): void;
  configure(workspace: Workspace): Promise<void>;
  replay(filters: readonly DeadLetterFilter[], dryRun?: boolean): Promise<ReplayAnswer>;
  replayPeriod(filter: PeriodFilter, dryRun: boolean): Promise<Replay>;
  cancelReplay(id: string): Promise<Replay | undefined>;
  test(config: DestinationConfig): Promise<TestAnswer>;
  /** The choices of a dynamic field, read from the account. */
  choices(
    destination: string,
    action: string,
    field: string,
    question: DynamicQuestion,
  ): Promise<DynamicAnswer>;
  /** Asks every destination that can to delete a user, once. */
  deleteUser(who: DeletionRequest): Promise<readonly DeletionAnswer[]>;
  /** Forgets what was delivered, so that it is sent whole again. */
  resync(filter: ResyncFilter): Promise<{ readonly forgotten: number }>;
  /** Resolves when everything in the log has an outcome. */
  idle(): Promise<void>;
  stop(): Promise<void>;
  readonly alive: boolean;
}

/** What a message of each kind takes beside its kind and number. */
type Asked = ToWorker extends infer M ? (M extends { readonly id: number } ? Omit<M, 'id'> : never) : never;

/** How long the delivery thread may take to end after it has stopped, in milliseconds. */
const LAST_WAIT = 2_000;

/** Starts the delivery thread and resolves when it delivers. */
export async function startDelivery(input: {
  readonly data: Omit<WorkerData, 'env'>;
  /** The variables that a workspace refers to, read anew at each change. */
  readonly env: (workspace: Workspace) => Readonly<Record<string, string>>;
  /** Resolves when the log is there to be read. When it fails, so does the start. */
  readonly opened: Promise<void>;
  readonly onStep: (step: StepReport) => void;
  /** Told when the thread ends without having been asked to. */
  readonly onDeath: (error: Error) => void;
}): Promise<Delivery> {
  const source = import.meta.url.endsWith('.ts');
  const data: WorkerData = { ...input.data, env: input.env(input.data.workspace) };
  const worker = new Worker(new URL(source ? './worker.ts' : './worker.js', import.meta.url), {
    workerData: data,
    // A step needs about this much; with more, the heap only grows before it is cleaned.
    resourceLimits: { maxYoungGenerationSizeMb: 24 },
    ...(source ? { execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'] } : {}),
  });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let next = 1;
  let alive = true;
  let stopping = false;
  let woken = false;

  const ask = (message: Asked): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (!alive) {
        reject(new Error('The delivery thread has ended.'));
        return;
      }
      const id = next++;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ ...message, id });
    });

  const ready = new Promise<void>((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'ready') resolve();
      else if (message.kind === 'step') input.onStep(message.step);
      else {
        const asker = waiting.get(message.id);
        waiting.delete(message.id);
        if (message.kind === 'answer') asker?.resolve(message.value);
        else asker?.reject(new Error(message.message));
      }
    });
    const end = (error: Error): void => {
      if (!alive) return;
      alive = false;
      reject(error);
      for (const asker of waiting.values()) asker.reject(error);
      waiting.clear();
      if (!stopping) input.onDeath(error);
    };
    worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', (code) => end(new Error(`The delivery thread ended with code ${code}.`)));
  });
  // Whoever asked may have gone already, for the same reason.
  ready.catch(() => undefined);
  try {
    await input.opened;
  } catch (error) {
    stopping = true;
    await worker.terminate();
    throw error;
  }
  worker.postMessage({ kind: 'open' } satisfies ToWorker);
  await ready;

  return {
    get alive() {
      return alive;
    },
    wake() {
      // One message per turn of the loop is enough, however many events came in.
      if (woken || !alive) return;
      woken = true;
      setImmediate(() => {
        woken = false;
        if (alive && !stopping) worker.postMessage({ kind: 'wake' } satisfies ToWorker);
      });
    },
    async configure(workspace) {
      await ask({ kind: 'configure', workspace, env: input.env(workspace) });
    },
    async replay(filters, dryRun = false) {
      return (await ask({ kind: 'replay', filters, dryRun })) as ReplayAnswer;
    },
    async replayPeriod(filter, dryRun) {
      return (await ask({ kind: 'replayPeriod', filter, dryRun })) as Replay;
    },
    async cancelReplay(replay) {
      return (await ask({ kind: 'cancelReplay', replay })) as Replay | undefined;
    },
    async test(config) {
      const env = input.env({ sources: [], destinations: [config] });
      return (await ask({ kind: 'test', config, env })) as TestAnswer;
    },
    async choices(destination, action, field, question) {
      return (await ask({ kind: 'choices', destination, action, field, question })) as DynamicAnswer;
    },
    async deleteUser(who) {
      return (await ask({ kind: 'deleteUser', who })) as readonly DeletionAnswer[];
    },
    async resync(filter) {
      return (await ask({ kind: 'resync', filter })) as { readonly forgotten: number };
    },
    async idle() {
      await ask({ kind: 'idle' });
    },
    async stop() {
      if (!alive) return;
      stopping = true;
      await ask({ kind: 'stop' });
      // It ends by itself; what a destination still holds open must not keep the server from ending.
      const timer = setTimeout(() => void worker.terminate(), LAST_WAIT);
      if (alive) await new Promise((resolve) => worker.once('exit', resolve));
      clearTimeout(timer);
      alive = false;
    },
  };
}

/** The environment variables that a workspace names with `{ "$env": "NAME" }`, with their values. */
export function namedVariables(
  workspace: unknown,
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
  visit(workspace);
  return found;
}
