import { type ChildProcess, fork } from 'node:child_process';
import type { Duplex } from 'node:stream';
import type { Redactor } from '@waybill/delivery';
import { createKeeping } from './keeping.ts';
import { answerForEvents } from './events.ts';
import { createOutput } from './output.ts';
import { ContainmentError, UnusableModule } from './failure.ts';
import type { DescribedExports, FromProcess, Task, TaskContext, ToProcess } from './protocol.ts';
import { type OpenTask, openTask } from './task.ts';

/** The limits of a process of partner code. Times in milliseconds. */
export interface ContainmentLimits {
  /** Megabytes of its heap; the process may use 192 more. */
  readonly memoryMegabytes: number;
  /** Modules that may open their own connections, by name. */
  readonly connecting: readonly string[];
  /** The timeout of one call of an action, without the time of its HTTP calls. */
  readonly call: number;
  /** The maximum time that it may block its event loop. */
  readonly blocked: number;
  /** The timeout of loading. */
  readonly load: number;
  /** The delay before a restart, doubled each time. */
  readonly restart: number;
  readonly longestRestart: number;
  /** The timeout of calls in flight when the server stops. */
  readonly stop: number;
}

/** The default limits of a process of partner code. */
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

/** The status of the process of a module. */
export interface ModuleStatus {
  /** The name of the module in the configuration of the server. */
  readonly module: string;
  readonly state: 'starting' | 'running' | 'down' | 'stopped';
  readonly pid?: number;
  /** The number of restarts. */
  readonly restarts: number;
  /** The reason of its last end. */
  readonly reason?: string;
  /** Epoch milliseconds of its last end. */
  readonly endedAt?: number;
}

/** The input of a process. */
export interface ModuleInput {
  readonly module: string;
  readonly limits: ContainmentLimits;
  /** Its complete environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly logger: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
  readonly onChange: (status: ModuleStatus) => void;
}

/** The process of one module, restarted whenever it ends. */
export interface ModuleProcess {
  /** Starts it, and resolves with the description of its exports. */
  start(): Promise<DescribedExports>;
  /** Rejects with a ContainmentError, or with the error of the code. */
  run(task: Task, context: TaskContext): Promise<unknown>;
  /** Sets the redactor of the output of the code. */
  redact(redactor: Redactor): void;
  status(): ModuleStatus;
  /** Ends it; running tasks fail. */
  stop(): Promise<void>;
}

/** The time after which a process counts as started successfully, in milliseconds. */
const SETTLED = 60_000;

/** Megabytes of a process besides its heap. */
const BESIDE_HEAP = 192;

/**
 * The V8 flags of its heap. The strings of a few calls would have all of it marked again and again, which cost more than the rest of
 * a call, so that begins at 128 MB. A heap of this size is cleaned with less work by one thread than by several. V8 takes what lives
 * for the length of a call for what lives long, and puts the lists of the next calls among the old objects, where they keep the
 * payloads of calls that have ended: cleaning those took more time than the code.
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

/** Creates the process of a module; it runs when `start` is called. */
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
  /** The reason why the process is being killed, if it is. */
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
    // A process that has just ended receives no messages; its end is handled in its event.
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
          // An aborted task must not continue as if its caller were waiting.
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
    // There was no message because this thread was blocked.
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
        // The one before the last closes with this thread, however it ends: then the process ends too. The last is that of events.
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
    // After its streams: the reason may be at their end.
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

/** The answer to a question of an aborted task. */
const GIVEN_UP = {
  kind: 'failure',
  ok: false,
  code: 'destination_timeout',
  message: 'The call was not made: its caller has stopped waiting.',
  exchange: 0,
};
