import { type ChildProcess, spawn } from 'node:child_process';

/** A shell that keeps its folder from one step to the next, as a person's does. */
export interface Shell {
  readonly folder: string;
  /** Runs commands one after the other and returns what they printed; the first that fails ends the step. */
  run(commands: readonly string[], timeoutMs: number): Promise<string>;
  /** Starts a long-running command; resolves when it has printed a string. */
  start(command: string, until: RegExp, timeoutMs: number): Promise<string>;
  stop(): void;
}

const MARK = '--- the folder is ';

/** Opens a shell in a folder. */
export function openShell(folder: string, env: NodeJS.ProcessEnv): Shell {
  const running: ChildProcess[] = [];
  let cwd = folder;
  const start = (script: string): { child: ChildProcess; printed: () => string } => {
    let text = '';
    const child = spawn('bash', ['-c', script], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running.push(child);
    const add = (part: Buffer): void => {
      text += part.toString('utf8');
    };
    child.stdout!.on('data', add);
    child.stderr!.on('data', add);
    return { child, printed: () => text };
  };
  return {
    get folder() {
      return cwd;
    },
    run(commands, timeoutMs) {
      const { child, printed } = start(`set -e\n${commands.join('\n')}\necho '${MARK}'"$PWD"`);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => end(child), timeoutMs);
        child.once('close', (code) => {
          clearTimeout(timer);
          const [output = '', place] = printed().split(MARK);
          if (code !== 0 || place === undefined) {
            reject(new Error(`"${commands.join('; ')}" ended with ${code ?? 'a timeout'}:\n${printed()}`));
            return;
          }
          cwd = place.trim();
          resolve(output);
        });
      });
    },
    start(command, until, timeoutMs) {
      const { child, printed } = start(command);
      return new Promise((resolve, reject) => {
        const fail = (): void => reject(new Error(`"${command}" did not get ready:\n${printed()}`));
        const timer = setTimeout(fail, timeoutMs);
        child.once('close', fail);
        const check = (): void => {
          if (!until.test(printed())) return;
          clearTimeout(timer);
          resolve(printed());
        };
        child.stdout!.on('data', check);
      });
    },
    stop() {
      for (const child of running) end(child);
    },
  };
}

/** Ends a command and all its children: it has a separate process group. */
function end(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch {
    // It has already ended.
  }
}
