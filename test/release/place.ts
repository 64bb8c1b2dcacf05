import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CLEAN, createSteps, type Steps } from './steps.ts';

/** Where the commands of a new user run. */
export interface Place {
  readonly steps: Steps;
  /** The path of a folder, as seen by commands. */
  readonly inside: string;
  /** The same folder, as seen by this process. */
  readonly outside: string;
}

/** A folder of this machine. */
export function thisMachine(scratch: string, env: () => NodeJS.ProcessEnv): Place {
  return { steps: createSteps(env), inside: scratch, outside: scratch };
}

/** Commands have a separate process table, and nothing stays mounted when they end. */
const ENTER = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"';

/** A new Debian base system: made by debootstrap, which needs root and a mirror. */
function bootstrap(scratch: string, env: () => NodeJS.ProcessEnv): string {
  const root = join(scratch, 'debian');
  const mirror = process.env['DEBIAN_MIRROR'] ?? 'http://deb.debian.org/debian';
  console.log(`$ debootstrap --variant=minbase bookworm ${mirror}`);
  const made = spawnSync('debootstrap', ['--variant=minbase', 'bookworm', root, mirror], {
    encoding: 'utf8',
  });
  if (made.error !== undefined) throw new Error('debootstrap is missing: apt-get install debootstrap.');
  if (made.status !== 0) throw new Error(`debootstrap failed:\n${made.stdout.slice(-2_000)}\n${made.stderr}`);
  const npmrc = env()['NPM_CONFIG_USERCONFIG'];
  if (npmrc !== undefined) cpSync(npmrc, join(root, 'root/.npmrc'));
  return root;
}

/** Runs commands in a root. They share the network of this machine, so they reach its registry. */
function enter(root: string, env: () => NodeJS.ProcessEnv): Place {
  const home = '/root/work';
  mkdirSync(join(root, home), { recursive: true });
  const seen = (): NodeJS.ProcessEnv => ({
    ...onlyWaybill(env()),
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    CI: '1',
  });
  const steps = createSteps(seen, ['unshare', '--mount', 'sh', '-c', ENTER, root]);
  return { steps, inside: home, outside: join(root, home) };
}

/** A Debian with only Node and npm. */
export function debian(scratch: string, env: () => NodeJS.ProcessEnv): Place {
  const root = bootstrap(scratch, env);
  installNode(join(root, 'usr/local'));
  const place = enter(root, env);
  place.steps.run(
    '/',
    '. /etc/os-release; echo "$PRETTY_NAME, Node $(node --version), npm $(npm --version)"',
  );
  return place;
}

/** A Debian without Node, whose folder `/mirror` contains this machine's Node like nodejs.org. */
export function debianWithoutNode(scratch: string, env: () => NodeJS.ProcessEnv): Place {
  const root = bootstrap(scratch, env);
  const { version } = process;
  const name = `node-${version}-linux-${process.arch}`;
  const [packed, folder] = [join(scratch, 'packed'), join(root, 'mirror', version)];
  mkdirSync(folder, { recursive: true });
  installNode(join(packed, name));
  const pack = `tar czf '${folder}/${name}.tar.gz' '${name}' && cd '${folder}' && sha256sum *.gz >SHASUMS256.txt`;
  createSteps(() => CLEAN).run(packed, pack, true);
  const place = enter(root, env);
  place.steps.run('/', '. /etc/os-release; echo "$PRETTY_NAME, $(command -v node || echo no Node)"');
  return place;
}

/** Copies the Node of this process, and the npm of this machine, below a folder. */
function installNode(folder: string): void {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  cpSync(process.execPath, join(bin, 'node'), { dereference: true });
  chmodSync(join(bin, 'node'), 0o755);
  const which = spawnSync('bash', ['-c', 'readlink -f "$(command -v npm)"'], {
    encoding: 'utf8',
    env: CLEAN,
  });
  const npm = dirname(dirname(which.stdout.trim()));
  if (!existsSync(join(npm, 'bin/npx-cli.js'))) throw new Error(`There is no npm in ${npm}.`);
  cpSync(npm, join(folder, 'lib/node_modules/npm'), { recursive: true, dereference: true });
  const link =
    'ln -s ../lib/node_modules/npm/bin/npm-cli.js npm; ln -s ../lib/node_modules/npm/bin/npx-cli.js npx';
  spawnSync('bash', ['-c', link], { cwd: bin });
}

function onlyWaybill(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => /^WAYBILL_/.test(name)));
}
