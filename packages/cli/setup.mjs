/**
 * Prepares a bare clone: installs the locked dependencies, builds, and removes what only the build needs. Does nothing when nothing
 * has changed. With `--all` it also installs what tests need, and keeps everything. For a Node that is too old for Waybill it
 * installs another one. Plain JavaScript, because it runs on any older Node.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const modules = join(root, 'node_modules');
const marker = join(modules, '.waybill-setup');
const lock = readFileSync(join(root, 'package-lock.json'));

const OLDEST_NODE = 24;
const isOld = Number(process.versions.node.split('.')[0]) < OLDEST_NODE;
const ownNode = join(modules, 'node', 'bin');
// Installed tools take precedence, for builds too.
const env = isOld ? { ...process.env, PATH: `${ownNode}${delimiter}${process.env.PATH}` } : process.env;

/** The content of the marker: what is installed, and from which inputs. */
const ALL = ' all';
const SLIM = ' slim';
const installed = existsSync(marker) ? readFileSync(marker, 'utf8') : '';
// A full installation stays full, by whichever command.
const hasAll = installed.endsWith(ALL) || existsSync(join(modules, 'vitest'));
const needsAll = process.argv.includes('--all') || hasAll;
const digest = createHash('sha256').update(lock).digest('hex');

/** The digest of the sources of the build. */
function sourcesDigest() {
  const hash = createHash('sha256').update(lock);
  for (const file of ['packages', 'presets'].flatMap((name) => filesBelow(join(root, name))))
    hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest('hex');
}

function filesBelow(folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return ['node_modules', 'dist', 'test'].includes(entry.name) ? [] : filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

/** The interval of progress output: a first install takes minutes. */
const TELL_MS = 15_000;
const LOOK_MS = 250;
const group = process.platform !== 'win32';

/** The timeout for any answer of the registry. */
const PROBE_MS = 20_000;

/** Runs a command in a process group, which is ended with this process or after a timeout. Returns whether it succeeded. */
function run(title, command, limit) {
  console.error(`> ${title}`);
  const began = Date.now();
  const parent = process.ppid;
  const child = spawn(command, {
    cwd: root,
    env,
    shell: true,
    stdio: ['ignore', limit === undefined ? 2 : 'ignore', limit === undefined ? 2 : 'ignore'],
    detached: group,
  });
  const end = () => {
    try {
      process.kill(group ? -child.pid : child.pid, 'SIGTERM');
    } catch {
      // Already ended.
    }
  };
  const stop = () => {
    end();
    process.exit(1);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, stop);
  const timers = [
    setInterval(() => {
      console.error(`  still ${title.split(' ')[0]} (${Math.round((Date.now() - began) / 1000)} s)`);
    }, TELL_MS),
    setInterval(() => {
      if (process.ppid !== parent) stop();
    }, LOOK_MS),
  ];
  if (limit !== undefined) timers.push(setTimeout(end, limit));
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      for (const timer of timers) clearInterval(timer);
      for (const signal of signals) process.removeListener(signal, stop);
      resolve(code === 0);
    });
  });
}

function fail(...lines) {
  for (const line of lines) console.error(line);
  process.exit(1);
}

// Optional peers, which only tests need, would be installed with production dependencies.
const LEAST = '--omit=dev --legacy-peer-deps';
const QUIET = '--no-audit --no-fund --loglevel=error';
const CI = `npm ci${needsAll ? '' : ` ${LEAST}`} ${QUIET}`;

let isOnline;

/** Runs an npm command that reads from the registry, or from npm's cache. */
async function install(title, command) {
  // By default npm silently tries for minutes to reach an unreachable registry.
  isOnline ??= await run(
    'asking the package registry',
    'npm view commander version --fetch-retries=0 --fetch-timeout=10000',
    PROBE_MS,
  );
  if (!isOnline) console.error('  it does not answer: trying with the packages in the cache of npm');
  if (await run(title, isOnline ? command : `${command} --offline`)) return;
  if (isOnline) fail(`Setting up failed at: ${command}`);
  fail(
    'Setting up failed: the package registry cannot be reached, and the cache of npm lacks some packages.',
    'Check the network and `npm config get registry`; behind a proxy, set it with `npm config set proxy <address>`. Then run the same command again.',
  );
}

/** Installs the Node for tests, for this platform, where scripts and the command look for it: `npm ci` omits it. */
async function installNode() {
  const { version } = JSON.parse(lock).packages['node_modules/node'];
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const scratch = join(modules, '.waybill-node');
  mkdirSync(scratch, { recursive: true });
  writeFileSync(join(scratch, 'package.json'), '{"private":true}');
  const npm = `npm install --prefix "${scratch}" --no-save --no-package-lock ${QUIET}`;
  await install(`installing Node ${version} (about 120 MB)`, `${npm} ${name}@${version}`);
  const home = join(modules, 'node');
  mkdirSync(home);
  for (const part of ['bin', 'LICENSE', 'package.json'])
    renameSync(join(scratch, 'node_modules', name, part), join(home, part));
  rmSync(scratch, { recursive: true, force: true });
  if (process.platform !== 'win32') symlinkSync('../node/bin/node', join(modules, '.bin', 'node'));
}

async function step(title, command) {
  if (!(await run(title, command))) fail(`Setting up failed at: ${command}`);
}

const packages = needsAll ? digest + ALL : digest;
const isDone = !needsAll && installed.endsWith(SLIM) && installed === sourcesDigest() + SLIM;
if (!isDone && installed !== packages) {
  const size = needsAll
    ? 'about 1,100 MB; a few minutes'
    : 'about 200 MB, of which less than half is kept; a minute';
  await install(`installing dependencies (${size}, the first time only)`, CI);
  writeFileSync(marker, packages);
}
if (isOld && !existsSync(ownNode)) await installNode();
if (!isDone) await step('building', 'npm run --silent build');
if (!isDone && !needsAll) {
  await step('removing build dependencies', 'node release/slim.ts');
  writeFileSync(marker, sourcesDigest() + SLIM);
}
