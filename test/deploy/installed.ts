import { spawnSync } from 'node:child_process';

function find(name: string): string | undefined {
  const { status, stdout } = spawnSync('bash', ['-c', `command -v ${name}`], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** Another test may be installing something: its lock is waited for, in seconds. */
const INSTALL = ['install', '-y', '-qq', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];

/** The path of a program, which is installed from Debian when it is missing; throws when it cannot be. */
export function installed(name: string, debian: string): string {
  const before = find(name);
  if (before !== undefined) return before;
  const options = { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  spawnSync('apt-get', ['update', '-qq'], options);
  const done = spawnSync('apt-get', [...INSTALL, debian], options);
  const found = find(name);
  if (found === undefined) throw new Error(`Install ${debian} to run this test: ${done.stderr}`);
  return found;
}
