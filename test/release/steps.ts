import { spawn, spawnSync } from 'node:child_process';

/** A running command. */
export interface Started {
  /** Its output until it was ready. */
  readonly said: string;
  /** Ends it with all its children; resolves when it has ended. */
  stop(): Promise<void>;
}

/** Commands of a new user, printed with their output. */
export interface Steps {
  /** Runs a line of a shell to its end; throws with its output when it fails. `isQuiet`: prints nothing. */
  run(folder: string, line: string, isQuiet?: boolean): string;
  /** Starts a long-running line; resolves when it has reported that it is ready. */
  start(folder: string, line: string, ready: RegExp): Promise<Started>;
  stopAll(): Promise<void>;
}

/** The environment of a shell: without the variables of npm, which runs this script, and of Waybill. */
export const CLEAN: Readonly<Record<string, string | undefined>> = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_|WAYBILL_|INIT_CWD$|NODE_OPTIONS$|NODE_PATH$)/.test(name),
  ),
);

/** Creates steps; `enter` contains the words before a shell, for another root. */
export function createSteps(env: () => NodeJS.ProcessEnv, enter: readonly string[] = []): Steps {
  const started = new Set<Started>();
  const [program = 'bash', ...words] = [...enter, 'bash', '-c'];
  // Another root has separate folders.
  const at = (folder: string, line: string): { readonly line: string; readonly cwd: string | undefined } =>
    enter.length === 0 ? { line, cwd: folder } : { line: `cd '${folder}' && ${line}`, cwd: undefined };
  return {
    run(folder, line, isQuiet = false) {
      if (!isQuiet) console.log(`$ ${line}`);
      const { line: whole, cwd } = at(folder, line);
      const done = spawnSync(program, [...words, whole], {
        cwd,
        env: env(),
        encoding: 'utf8',
        maxBuffer: 1e8,
      });
      if (done.status !== 0) throw new Error(`${line}\n${done.stdout}\n${done.stderr}`);
      if (isQuiet) return done.stdout;
      printEnd(done.stdout);
      return done.stdout;
    },
    async start(folder, line, ready) {
      console.log(`$ ${line} &`);
      const { line: whole, cwd } = at(folder, line);
      const child = spawn(program, [...words, whole], {
        cwd,
        env: env(),
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      });
      // The shell ends before its children: only those still write.
      const ended = new Promise<void>((done) => child.once('close', () => done()));
      const running: Started = {
        get said() {
          return said;
        },
        async stop() {
          started.delete(running);
          if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGTERM');
          await ended;
        },
      };
      started.add(running);
      let said = '';
      await new Promise<void>((isReady, refuse) => {
        const read = (part: Buffer): void => {
          said += part.toString();
          if (ready.test(said)) isReady();
        };
        child.stdout.on('data', read);
        child.stderr.on('data', read);
        child.once('exit', (code) => refuse(new Error(`"${line}" ended with ${code}:\n${said}`)));
      });
      printEnd(said);
      return running;
    },
    async stopAll() {
      for (const one of started) await one.stop();
    },
  };
}

function printEnd(said: string): void {
  for (const line of said.trim().split('\n').slice(-12)) console.log(`    ${line}`);
}

/** Throws when a condition is false, and prints it otherwise. */
export function check(isSo: boolean, message: string): void {
  if (!isSo) throw new Error(message);
  console.log(`    ok: ${message}`);
}
