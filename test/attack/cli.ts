import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** The command as a user has it. */
export const BIN = resolve(import.meta.dirname, '../../packages/cli/bin/waybill.js');

/** A command that runs. */
export interface Run {
  readonly child: ChildProcess;
  /** Everything it has printed. */
  said(): string;
  /** The address of the server, when it listens; rejects when it ends before. */
  readonly url: Promise<string>;
  readonly code: Promise<number | null>;
}

/** Runs `waybill` in a separate process, without the settings of this environment. */
export function waybill(
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string; readonly node?: string } = {},
): Run {
  const known = Object.entries(process.env).filter(([name]) => !/^(WAYBILL_|npm_)/.test(name));
  const child = spawn(options.node ?? process.execPath, [BIN, ...args], {
    env: { ...Object.fromEntries(known), ...options.env },
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return watchRun(child);
}

/** What a process says, and how it ends. */
export function watchRun(child: ChildProcess): Run {
  let said = '';
  const code = new Promise<number | null>((ended) => {
    child.once('close', ended);
    // A process that it left behind may keep its output open.
    child.once('exit', (code) => setTimeout(() => ended(code), 1_000));
  });
  const url = new Promise<string>((found, failed) => {
    const read = (part: Buffer): void => {
      said += part.toString();
      const match = /Waybill listens on (http:\S+)/.exec(said);
      if (match !== null) found(match[1]!);
    };
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
    void code.then((ended) => failed(new Error(`It ended with ${ended}:\n${said}`)));
  });
  url.catch(() => undefined);
  return { child, url, code, said: () => said };
}

/** Ends a command, and waits until it is gone. */
export async function endRun(run: Run, signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
  if (run.child.exitCode === null && run.child.signalCode === null) run.child.kill(signal);
  return run.code;
}
