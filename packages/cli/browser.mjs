/**
 * Finds a Chromium for tests of the local page, or installs Debian's if possible.
 * `node packages/cli/browser.mjs` prints its path, or why there is none.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Flags for a browser that runs as root, without a screen, and without connections other than to the page. */
export const BROWSER_FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Another test may be installing something: its lock is waited for, in seconds. */
const INSTALL = ['install', '-y', '-qq', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];

/** Returns the path of a browser, or why there is none. */
export function findBrowser() {
  const named = process.env['WAYBILL_CHROMIUM'];
  if (named !== undefined && existsSync(named)) return { path: named };
  const found = PATHS.find((path) => existsSync(path));
  if (found !== undefined) return { path: found };
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    return { reason: 'There is no Chromium; install one, or name it with WAYBILL_CHROMIUM.' };
  }
  const options = { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['update', '-qq'], options);
  const done = spawnSync('apt-get', [...INSTALL, 'chromium'], options);
  const installed = PATHS.find((path) => existsSync(path));
  if (installed !== undefined) return { path: installed };
  return { reason: `Installing Chromium failed: ${(done.stderr ?? '').trim().split('\n').at(-1)}` };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { path, reason } = findBrowser();
  console.log(path ?? reason);
  process.exitCode = path === undefined ? 1 : 0;
}
