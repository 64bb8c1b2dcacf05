import { type ChildProcess, fork } from 'node:child_process';
import { resolve } from 'node:path';

const OPTIONS = ['--conditions=source', '--disable-warning=ExperimentalWarning'];

/** A process of the test that has reported its address. */
export interface Child {
  readonly process: ChildProcess;
  readonly url: Promise<string>;
}

/** Starts a script of a neighbouring folder; it reports its address when it is ready. */
export function start(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Child {
  const child = fork(resolve(import.meta.dirname, script), args, {
    execArgv: OPTIONS,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const url = new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { url: string }).url));
    child.once('exit', (code, signal) => reject(new Error(`${script} ended with ${code ?? signal}`)));
  });
  url.catch(() => undefined);
  return { process: child, url };
}

/** Kills a process like a power cut, and waits until it is gone. */
export function killHard({ process: child }: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

/** Resolves when the server has an outcome for every accepted event. */
export function idle({ process: child }: Child): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null, signal: string | null): void =>
      reject(new Error(`the server ended with ${code ?? signal}`));
    child.once('message', () => {
      child.off('exit', gone);
      resolve();
    });
    child.once('exit', gone);
    child.send('idle');
  });
}
