/**
 * Makes a bare clone ready: installs the locked dependencies when they are missing or stale, then builds. What only tests need is
 * installed with `--all`, and on a Node that is too old for Waybill: the one that Waybill brings is among it.
 * Plain JavaScript on purpose: it runs on whatever older Node the machine has; every later script runs on the
 * Node that the install brings.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const marker = join(root, 'node_modules', '.waybill-setup');
const digest = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

const OLDEST_NODE = 24;
const needsAll = process.argv.includes('--all') || Number(process.versions.node.split('.')[0]) < OLDEST_NODE;
const ALL = ' all';

/** Whether everything that is needed now is installed, from this lock file. */
function isInstalled() {
  const installed = existsSync(marker) ? readFileSync(marker, 'utf8') : '';
  return installed === digest + ALL || (installed === digest && !needsAll);
}

/** What npm has said without an end is said on: a first install takes minutes. */
const TELL_MS = 15_000;
const LOOK_MS = 250;
const group = process.platform !== 'win32';

/** How long the registry may take to answer at all. */
const PROBE_MS = 20_000;

/**
 * Runs a command with everything it starts in a group of its own, which ends when this process is ended or the time is up.
 * Returns whether it worked.
 */
function run(title, command, limit) {
  console.error(`> ${title}`);
  const began = Date.now();
  const parent = process.ppid;
  const child = spawn(command, {
    cwd: root,
    shell: true,
    stdio: ['ignore', limit === undefined ? 2 : 'ignore', limit === undefined ? 2 : 'ignore'],
    detached: group,
  });
  const end = () => {
    try {
      process.kill(group ? -child.pid : child.pid, 'SIGTERM');
    } catch {
      // It has ended already.
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

// Optional peers, which only tests have, would be installed with what is not for development.
const LEAST = '--omit=dev --legacy-peer-deps';
const CI = `npm ci${needsAll ? '' : ` ${LEAST}`} --no-audit --no-fund --loglevel=error`;

if (!isInstalled()) {
  // By itself npm tries for minutes, without a word, to reach a registry that it cannot reach.
  const online = await run(
    'asking the package registry',
    'npm view commander version --fetch-retries=0 --fetch-timeout=10000',
    PROBE_MS,
  );
  const size = needsAll ? 'about 1,100 MB; a few minutes' : 'about 230 MB; a minute';
  const title = `installing dependencies (${size}, the first time only)`;
  if (!online) console.error('  it does not answer: trying with the packages that npm has kept');
  if (!(await run(title, online ? CI : `${CI} --offline`))) {
    if (online) fail(`Setting up failed at: ${CI}`);
    fail(
      'Setting up failed: the package registry cannot be reached, and npm has not kept all packages.',
      'Check the network and `npm config get registry`; behind a proxy, set it with `npm config set proxy <address>`. Then run the same command again.',
    );
  }
  writeFileSync(marker, needsAll ? digest + ALL : digest);
}
const BUILD = 'npm run --silent build';
if (!(await run('building', BUILD))) fail(`Setting up failed at: ${BUILD}`);
