import { writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Failure } from '../failure.ts';
import { loadNamed } from '../load.ts';
import { connectsByNature, refuseConnections } from './connections.ts';
import { describe } from './describe.ts';
import type { FromProcess, ToProcess } from './protocol.ts';
import { createTasks } from './tasks.ts';

/*
 * The process of one partner's module: loads it, describes it, and runs its code on request. Faults of that code only affect this
 * process.
 */

const [name = '', megabytes = '512', connects] = process.argv.slice(2);

/** The pipe that closes when the parent process ends; see `stdio` there. */
const LINE = 4;

const send = process.send!.bind(process);
const say = (message: FromProcess, then?: () => void): void => {
  send(message, undefined, {}, () => then?.());
};
// The IPC channel is reserved for Waybill: a message of a module would be taken for an answer.
Reflect.deleteProperty(process, 'send');

const textOf = (error: unknown): string => {
  try {
    return (error instanceof Error ? error.message : String(error)).slice(0, 4_096);
  } catch {
    return 'something that cannot be read';
  }
};
const end = (): void => void process.kill(process.pid, 'SIGKILL');
process.on('disconnect', end);
process.on('unhandledRejection', (error) =>
  say({ kind: 'warning', message: `Unhandled promise rejection: ${textOf(error)}` }),
);
process.on('uncaughtException', (error) => {
  say({ kind: 'fatal', message: `Uncaught error: ${textOf(error)}` }, end);
  setTimeout(end, 1_000);
});
try {
  // When the machine runs out of memory, this process is a better victim than the server.
  writeFileSync('/proc/self/oom_score_adj', '500');
} catch {
  // Not Linux, or not permitted: nothing changes.
}

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const watchdog = new Worker(new URL(`./watchdog.${extension}`, import.meta.url), {
  workerData: { line: LINE, bytes: Number(megabytes) * 1024 * 1024 },
  resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
});
watchdog.on('error', end);
watchdog.unref();
await new Promise((resolve) => watchdog.once('online', resolve));

try {
  if (connects === undefined && !connectsByNature(name))
    refuseConnections((message) => say({ kind: 'warning', message }));
  const exported = await loadNamed(name);
  const described = describe(exported);
  const tasks = createTasks(exported, say);
  process.on('message', (message: ToProcess) => {
    if (message.kind === 'ping') say({ kind: 'pong' });
    else if (message.kind === 'task') tasks.begin(message);
    else if (message.kind === 'turn') tasks.turn(message);
    else tasks.reply(message);
  });
  say({ kind: 'ready', ...described });
} catch (error) {
  const { code, issues } = error instanceof Failure ? error : new Failure('module_failed');
  say(
    { kind: 'unusable', code, message: textOf(error), issues: JSON.parse(JSON.stringify(issues)) as [] },
    end,
  );
}
