/**
 * Makes a bare clone ready: installs the locked dependencies when they are missing or stale, then builds.
 * Plain JavaScript on purpose: it runs on whatever older Node the machine has; every later script runs on the
 * Node that the install brings.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const marker = join(root, 'node_modules', '.waybill-setup');
const digest = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

function run(title, command) {
  console.error(`> ${title}`);
  const done = spawnSync(command, { cwd: root, shell: true, stdio: ['ignore', 2, 2] });
  if (done.status !== 0) {
    console.error(`Setting up failed at: ${command}`);
    process.exit(done.status ?? 1);
  }
}

if (!existsSync(marker) || readFileSync(marker, 'utf8') !== digest) {
  run('installing dependencies (first run only)', 'npm ci --no-audit --no-fund --loglevel=error');
  writeFileSync(marker, digest);
}
run('building', 'npm run --silent build');
