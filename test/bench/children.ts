import { type ChildProcess, fork } from 'node:child_process';

/** A process of the measurement, and its first message. */
export interface Child<First = { readonly url: string }> {
  readonly first: First;
  readonly process: ChildProcess;
  /** Sends a message and resolves with the next one that comes back. */
  ask<T>(message: unknown): Promise<T>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
}

/** Starts a script and waits for its first message. */
export async function startChild<First = { readonly url: string }>(
  script: string,
  args: readonly string[],
  execArgv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Child<First>> {
  const child = fork(script, args, {
    execArgv: [...execArgv, '--disable-warning=ExperimentalWarning'],
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
  return {
    first: await next<First>(),
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
