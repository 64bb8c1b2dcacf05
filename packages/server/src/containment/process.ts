import { type ChildProcess, fork } from 'node:child_process';
import type { Duplex } from 'node:stream';
import type { Redactor } from '@waybill/delivery';
import { createKeeping } from './keeping.ts';
import { answerForEvents } from './events.ts';
import { createOutput } from './output.ts';
import { ContainmentError, UnusableModule } from './failure.ts';
import type { DescribedExports, FromProcess, Task, TaskContext, ToProcess } from './protocol.ts';
import { type OpenTask, openTask } from './task.ts';

/** What a process of partner code may take. Times in milliseconds. */
export interface ContainmentLimits {
  /** Megabytes of its heap; with all it takes beside it, the process may have 192 more. */
  readonly memoryMegabytes: number;
  /** Modules that may open connections of their own, by name. */
  readonly connecting: readonly string[];
  /** One call of an action, without the time that its HTTP calls take. */
  readonly call: number;
  /** How long it may do nothing but compute. */
  readonly blocked: number;
  /** How long it may take to load. */
  readonly load: number;
  /** The wait before it is started again, doubled each time. */
  readonly restart: number;
  readonly longestRestart: number;
  /** How long its calls under way may take once the server stops. */
  readonly stop: number;
}

/** What a process of partner code may take, unless configured otherwise. */
export const CONTAINMENT: ContainmentLimits = {
  memoryMegabytes: 256,
  connecting: [],
  call: 60_000,
  blocked: 10_000,
  load: 30_000,
  restart: 500,
  longestRestart: 30_000,
  stop: 10_000,
};

/** How the process of a module is doing. */
export interface ModuleStatus {
  /** Its name, as it was given to the server. */
  readonly module: string;
  readonly state: 'starting' | 'running' | 'down' | 'stopped';
  readonly pid?: number;
  /** How often it had to be started again. */
  readonly restarts: number;
  /** Why it last ended. */
  readonly reason?: string;
  /** Epoch milliseconds of that. */
  readonly endedAt?: number;
}

/** What a process is started with. */
export interface ModuleInput {
  readonly module: string;
  readonly limits: ContainmentLimits;
  /** All that its environment holds. */
  readonly env: Readonly<Record<string, string>>;
  readonly logger: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
  readonly onChange: (status: ModuleStatus) => void;
}

/** The process of one module, started again whenever it ends. */
export interface ModuleProcess {
  /** Starts it, and resolves with what it exports. */
  start(): Promise<DescribedExports>;
  /** Rejects with a ContainmentError, or with what the code threw. */
  run(task: Task, context: TaskContext): Promise<unknown>;
  /** What is taken out of what the code prints. */
  redact(redactor: Redactor): void;
  status(): ModuleStatus;
  /** Ends it; tasks under way fail. */
  stop(): Promise<void>;
}

/** A process that has lived so long has not failed at the start, in milliseconds. */
const SETTLED = 60_000;

/** Megabytes that a process takes beside its heap. */
const BESIDE_HEAP = 192;

/**
 * How its heap is kept. The texts of a few calls would have all of it marked again and again, which cost more than the rest of a call, so
 * that begins at 128 MB. A heap of this size is cleaned with less work by one thread than by several. V8 takes what lives for the length of
 * a call for what lives long, and puts the lists of the next calls among the old objects, where they keep the payloads of calls that have
 * ended: cleaning those took more time than the code.
 */
function heapFlags(megabytes: number): readonly string[] {
  return [
    `--max-old-space-size=${megabytes}`,
    `--initial-old-space-size=${Math.min(128, Math.ceil(megabytes / 2))}`,
    '--max-semi-space-size=16',
    '--single-threaded-gc',
    '--no-allocation-site-pretenuring',
  ];
}

/** The process of a module; it runs when `start` is called. */
export function createModuleProcess(input: ModuleInput): ModuleProcess {
  const { module, limits, logger } = input;
  const tasks = new Map<number, OpenTask>();
  const output = createOutput((line) => logger.info({ module, line }, 'a partner module prints'));
  let child: ChildProcess | undefined;
  let state: ModuleStatus['state'] = 'stopped';
  let ready = Promise.withResolvers<DescribedExports>();
  let stopping = false;
  let numbers = 0;
  let restarts = 0;
  let failures = 0;
  let startedAt = 0;
  let heardAt = 0;
  let tickedAt = 0;
  let last: { readonly reason: string; readonly at: number } | undefined;
  /** Why the process is being ended, when it is not by its own doing. */
  let verdict: string | undefined;
  let restartAt = 0;
  let timer: NodeJS.Timeout | undefined;

  const status = (): ModuleStatus => ({
    module,
    state,
    restarts,
    ...(child?.pid === undefined ? {} : { pid: child.pid }),
    ...(last === undefined ? {} : { reason: last.reason, endedAt: last.at }),
  });
  const become = (next: ModuleStatus['state']): void => {
    state = next;
    input.onChange(status());
  };
  const kill = (reason: string): void => {
    verdict ??= reason;
    child?.kill('SIGKILL');
  };
  const post = (message: ToProcess): void => {
    // A process that has just ended takes no messages; its end is dealt with where it is heard of.
    if (child?.connected === true) child.send(message, () => undefined);
  };

  const keeping = createKeeping(post, (error) =>
    logger.warn({ module, err: error }, 'the state of an instance could not be locked'),
  );
  const hear = (message: FromProcess): void => {
    heardAt = Date.now();
    if (typeof message !== 'object' || message === null) return;
    switch (message.kind) {
      case 'ready':
        become('running');
        return ready.resolve({ destinations: message.destinations, sources: message.sources });
      case 'unusable':
        verdict = `it cannot be loaded: ${message.message}`;
        return ready.reject(new UnusableModule(message.code, message.message, message.issues));
      case 'fatal':
        verdict = message.message;
        return;
      case 'warning':
        return logger.warn({ module }, output.clean(message.message));
      case 'keep':
      case 'turn':
      case 'turned':
        return keeping.hear(message);
      case 'pong':
        return;
      default: {
        const task = tasks.get(message.id);
        if (task === undefined) {
          // A task that was given up must not go on as though somebody waited for it.
          if ('number' in message) {
            const value = message.kind === 'request' ? GIVEN_UP : undefined;
            post({ kind: 'reply', id: message.id, number: message.number, value });
          }
          return;
        }
        task.hear(message);
      }
    }
  };

  const ended = (code: number | null, signal: string | null): void => {
    const own = signal === null ? `it exited with code ${code}` : `it was killed by ${signal}`;
    const reason = output.clean(verdict ?? output.memory() ?? own);
    const down = stopping ? 'stopped' : 'down';
    child = undefined;
    verdict = undefined;
    clearInterval(timer);
    last = { reason, at: Date.now() };
    ready.reject(
      new ContainmentError('destination_process_down', `The process of ${module} ended: ${reason}.`),
    );
    ready.promise.catch(() => undefined);
    const error = new ContainmentError(
      'destination_process_failed',
      `The process of ${module} ended during the call: ${reason}.`,
    );
    for (const task of [...tasks.values()]) task.fail(error);
    keeping.forget();
    if (stopping) return become(down);
    failures = Date.now() - startedAt > SETTLED ? 1 : failures + 1;
    const wait = Math.min(limits.longestRestart, limits.restart * 2 ** (failures - 1));
    restartAt = Date.now() + wait;
    logger.error({ module, reason, restartsInMs: wait }, 'the process of a partner module ended');
    become(down);
    timer = setTimeout(() => {
      restarts += 1;
      launch();
    }, wait);
    timer.unref();
  };

  const tick = (): void => {
    const now = Date.now();
    // Nobody was heard because nobody listened.
    if (now - tickedAt > limits.blocked / 2) heardAt = now;
    tickedAt = now;
    if (state === 'starting') {
      if (now - startedAt > limits.load) kill(`it did not load within ${limits.load / 1000} s`);
      return;
    }
    for (const task of [...tasks.values()]) task.tick(now, limits.call);
    if (now - heardAt > limits.blocked) kill(`it was unresponsive for ${limits.blocked / 1000} s`);
    else post({ kind: 'ping' });
  };

  function launch(): void {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    ready = Promise.withResolvers();
    ready.promise.catch(() => undefined);
    startedAt = heardAt = tickedAt = Date.now();
    output.forget();
    const started = fork(
      new URL(`./host.${extension}`, import.meta.url),
      [
        module,
        String(limits.memoryMegabytes + BESIDE_HEAP),
        ...(limits.connecting.includes(module) ? ['connects'] : []),
      ],
      {
        serialization: 'advanced',
        env: { ...input.env },
        execArgv: [
          ...heapFlags(limits.memoryMegabytes),
          ...(extension === 'ts' ? ['--conditions=source', '--disable-warning=ExperimentalWarning'] : []),
        ],
        // The one before the last closes with this thread, however it ends: the process then ends too. The last is that of events.
        stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe', 'pipe'],
      },
    );
    child = started;
    started.stdout?.on('data', (part: Buffer) => output.take(part));
    started.stderr?.on('data', (part: Buffer) => output.take(part));
    const streams: readonly unknown[] = started.stdio;
    answerForEvents(streams[5] as Duplex, {
      eventsOf: (task) => tasks.get(task)?.events,
      onFlood: () => kill('it asked for events without end'),
    });
    for (const stream of started.stdio) stream?.on('error', () => undefined);
    started.on('message', (message) => hear(message as FromProcess));
    started.on('disconnect', () => started.kill('SIGKILL'));
    let over = false;
    const end = (code: number | null, signal: string | null): void => {
      if (!over) ended(code, signal);
      over = true;
    };
    started.on('error', (error) => {
      verdict ??= error.message;
      if (started.pid === undefined) end(null, null);
    });
    // After its streams: the reason may stand at their end.
    started.on('close', end);
    timer = setInterval(tick, Math.max(20, Math.min(1_000, limits.blocked / 5)));
    become('starting');
  }

  const available = async (): Promise<void> => {
    if (state === 'starting') await ready.promise;
    if (state === 'running') return;
    const reason = last === undefined ? '' : `: ${last.reason}`;
    throw new ContainmentError(
      'destination_process_down',
      `The process of ${module} is not running${reason}.`,
      Math.max(0, restartAt - Date.now()),
    );
  };

  return {
    start() {
      if (state === 'stopped' && !stopping) launch();
      return ready.promise;
    },
    async run(task, context) {
      await available();
      const id = (numbers += 1);
      if (tasks.size === 0) heardAt = Date.now();
      const open = openTask(id, context, post);
      tasks.set(id, open);
      const { kept } = context;
      post({
        kind: 'task',
        id,
        task,
        settings: context.settings,
        memory: context.memory !== undefined,
        ...(kept === undefined ? {} : { kept: keeping.entries(kept) }),
      });
      try {
        return await open.result;
      } finally {
        tasks.delete(id);
      }
    },
    redact: (redactor) => output.redact(redactor),
    status,
    async stop() {
      stopping = true;
      clearTimeout(timer);
      const ending = child;
      if (ending === undefined) return become('stopped');
      const gone = new Promise((resolve) => ending.once('close', resolve));
      kill('the server stops');
      await gone;
    },
  };
}

/** What a question of a task that was given up is answered with. */
const GIVEN_UP = {
  kind: 'failure',
  ok: false,
  code: 'destination_timeout',
  message: 'The call was not made: its caller has stopped waiting.',
  exchange: 0,
};
