import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Runs git in a folder. */
export function git(
  args: readonly string[],
  folder = process.cwd(),
  env: NodeJS.ProcessEnv = {},
): { readonly ok: boolean; readonly text: string } {
  const done = spawnSync('git', args, {
    cwd: resolve(folder),
    encoding: 'utf8',
    maxBuffer: 64_000_000,
    env: { ...process.env, ...env },
  });
  return { ok: done.status === 0, text: done.stdout ?? '' };
}
