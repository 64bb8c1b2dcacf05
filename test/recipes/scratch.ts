import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A copy of the repository that a test may change. */
export interface Scratch {
  readonly folder: string;
  /** Runs a command in it; throws with its output when it fails. */
  run(command: string): void;
  remove(): void;
}

/** Copies what the repository consists of, with what is built. Modules from elsewhere are shared. */
export function scratchCopy(root: string): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-recipes-'));
  const skipped = new Set(['node_modules', '.git', '.waybill', 'coverage']);
  for (const entry of readdirSync(root)) {
    if (skipped.has(entry)) continue;
    cpSync(join(root, entry), join(folder, entry), {
      recursive: true,
      preserveTimestamps: true,
      filter: (from) => !from.endsWith('node_modules'),
    });
  }
  shareModules(join(root, 'node_modules'), join(folder, 'node_modules'), ['@waybill']);
  mkdirSync(join(folder, 'node_modules/@waybill'));
  for (const name of readdirSync(join(folder, 'packages'))) {
    symlinkSync(join('../../packages', name), join(folder, 'node_modules/@waybill', name));
    const own = join(root, 'packages', name, 'node_modules');
    if (existsSync(own)) shareModules(own, join(folder, 'packages', name, 'node_modules'), []);
  }
  symlinkSync('../../presets', join(folder, 'node_modules/@waybill/presets'));
  return {
    folder,
    run(command) {
      const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
      const env = Object.fromEntries(
        Object.entries(process.env).filter(
          ([name]) => !/^(npm_|INIT_CWD$|NODE_OPTIONS$|VITEST|TEST$)/.test(name),
        ),
      );
      const done = spawnSync('bash', ['-c', command], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...env, PATH: path, CI: '1' },
      });
      if (done.status !== 0) throw new Error(`"${command}" failed:\n${done.stdout}\n${done.stderr}`);
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

function shareModules(from: string, to: string, but: readonly string[]): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (!but.includes(name)) symlinkSync(join(from, name), join(to, name));
  }
}
