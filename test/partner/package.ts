import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const bin = join(root, 'packages/cli/bin/waybill.js');

/** What a command printed, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder of a partner, where commands run as in their terminal. */
export interface Partner {
  readonly folder: string;
  waybill(...args: readonly string[]): Promise<Ended>;
  /** The same with variables of the environment. */
  waybillWith(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Ended>;
  write(name: string, text: string): string;
  git(...args: readonly string[]): void;
  remove(): void;
}

/** A new folder outside the repository, with the result of `npm install`. */
export function openPartner(): Partner {
  const scratch = mkdtempSync(join(tmpdir(), 'waybill-partner-'));
  // npm installs packages as folders; here they are links to the built ones.
  symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'), 'junction');
  const folder = join(scratch, 'shop');
  mkdirSync(folder);
  const run = (env: NodeJS.ProcessEnv, args: readonly string[]): Promise<Ended> =>
    new Promise((done) => {
      const child = spawn(process.execPath, [bin, ...args], {
        cwd: folder,
        env: { PATH: process.env['PATH'], ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 25_000,
        killSignal: 'SIGKILL',
      });
      let [out, err] = ['', ''];
      child.stdout.on('data', (part: Buffer) => (out += part.toString()));
      child.stderr.on('data', (part: Buffer) => (err += part.toString()));
      child.once('close', (code) => done({ code, out, err }));
    });
  return {
    folder,
    waybill: (...args) => run({}, args),
    waybillWith: (env, ...args) => run(env, args),
    write(name, text) {
      const file = join(folder, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
    git: (...args) =>
      void execFileSync('git', ['-c', 'user.email=a@example.com', '-c', 'user.name=A', ...args], {
        cwd: folder,
        stdio: 'pipe',
      }),
    remove: () => rmSync(scratch, { recursive: true, force: true }),
  };
}
