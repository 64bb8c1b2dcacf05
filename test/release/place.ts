import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CLEAN, createSteps, type Steps } from './steps.ts';

/** Where a stranger works. */
export interface Place {
  readonly steps: Steps;
  /** The path of a folder of a stranger, as commands see it. */
  readonly inside: string;
  /** The same folder as this process sees it. */
  readonly outside: string;
}

/** A folder of this machine. */
export function thisMachine(scratch: string, env: () => NodeJS.ProcessEnv): Place {
  return { steps: createSteps(env), inside: scratch, outside: scratch };
}

/** Commands see a process table of their own kind, and nothing stays mounted when they end. */
const ENTER = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"';

/**
 * A Debian of its own with nothing but its base, Node and npm: made by debootstrap, which needs root and a mirror. Commands share the
 * network of this machine, so they reach its registry.
 */
export function debian(scratch: string, env: () => NodeJS.ProcessEnv): Place {
  const root = join(scratch, 'debian');
  const mirror = process.env['DEBIAN_MIRROR'] ?? 'http://deb.debian.org/debian';
  console.log(`$ debootstrap --variant=minbase bookworm ${mirror}`);
  const made = spawnSync('debootstrap', ['--variant=minbase', 'bookworm', root, mirror], {
    encoding: 'utf8',
  });
  if (made.error !== undefined) throw new Error('debootstrap is missing: apt-get install debootstrap.');
  if (made.status !== 0) throw new Error(`debootstrap failed:\n${made.stdout.slice(-2_000)}\n${made.stderr}`);
  installNode(root);
  const npmrc = env()['NPM_CONFIG_USERCONFIG'];
  if (npmrc !== undefined) cpSync(npmrc, join(root, 'root/.npmrc'));
  const home = '/root/work';
  mkdirSync(join(root, home), { recursive: true });
  const seen = (): NodeJS.ProcessEnv => ({
    ...onlyWaybill(env()),
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    CI: '1',
  });
  const steps = createSteps(seen, ['unshare', '--mount', 'sh', '-c', ENTER, root]);
  steps.run('/', '. /etc/os-release; echo "$PRETTY_NAME, Node $(node --version), npm $(npm --version)"');
  return { steps, inside: home, outside: join(root, home) };
}

/** The Node of this process, and the npm of this machine. */
function installNode(root: string): void {
  const bin = join(root, 'usr/local/bin');
  cpSync(process.execPath, join(bin, 'node'), { dereference: true });
  chmodSync(join(bin, 'node'), 0o755);
  const which = spawnSync('bash', ['-c', 'readlink -f "$(command -v npm)"'], {
    encoding: 'utf8',
    env: CLEAN,
  });
  const npm = dirname(dirname(which.stdout.trim()));
  if (!existsSync(join(npm, 'bin/npx-cli.js'))) throw new Error(`There is no npm in ${npm}.`);
  cpSync(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true, dereference: true });
  const link =
    'ln -s ../lib/node_modules/npm/bin/npm-cli.js npm; ln -s ../lib/node_modules/npm/bin/npx-cli.js npx';
  spawnSync('bash', ['-c', link], { cwd: bin });
}

function onlyWaybill(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => /^WAYBILL_/.test(name)));
}
