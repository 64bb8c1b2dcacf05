import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { SERVER_ENV, SERVER_FLAGS } from '@waybill/server/process';

/** A process of the benchmark that answers questions. */
export interface Helper {
  readonly url: string;
  /** Its whole first message. */
  readonly first: Readonly<Record<string, unknown>>;
  readonly process: ChildProcess;
  /** Sends a message and resolves with the next one that comes back. */
  ask<T>(message: unknown): Promise<T>;
  kill(): Promise<void>;
}

/** Starts a script and waits for its first message. */
export async function startHelper(
  script: string,
  args: readonly string[] = [],
  execArgv: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Helper> {
  const child = fork(join(import.meta.dirname, script), args, {
    execArgv: [...process.execArgv, '--disable-warning=ExperimentalWarning', ...execArgv],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const next = <T>(): Promise<T> =>
    new Promise((resolve, reject) => {
      const gone = (code: number | null): void => reject(new Error(`${script} ended with ${code}`));
      child.once('message', (message) => {
        child.off('exit', gone);
        resolve(message as T);
      });
      child.once('exit', gone);
    });
  const first = await next<{ url: string }>();
  return {
    url: first.url,
    first,
    process: child,
    ask<T>(message: unknown) {
      const answer = next<T>();
      child.send(message as string);
      return answer;
    },
    kill() {
      if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
      return new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      });
    },
  };
}

/** Starts a server as `waybill start` does. */
export function startServed(args: readonly string[], execArgv: readonly string[] = []): Promise<Helper> {
  return startHelper('serve.ts', args, [...SERVER_FLAGS, ...execArgv], SERVER_ENV);
}

/** Ends a server in good order. */
export function stopHelper(helper: Helper): Promise<void> {
  return new Promise((resolve) => {
    helper.process.once('exit', () => resolve());
    helper.process.send('stop');
  });
}
