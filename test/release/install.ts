/**
 * What a stranger does, with a registry of this machine: every package is released to it, `waybill` is installed in an empty folder and
 * started, ten events are sent and looked at, the data backed up, destroyed and restored, and the next version installed over it.
 *
 *     npm run test:release
 *
 * Takes about two minutes; every step prints its command.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from '../e2e/port.ts';
import { startRegistry } from './verdaccio.ts';
import { MOST_MEGABYTES, MOST_PACKAGES, weigh } from './weigh.ts';

const root = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'waybill-release-'));
mkdirSync(join(root, '.waybill'), { recursive: true });
// Below the repository, where packages of others are found in its `node_modules`.
const copy = mkdtempSync(join(root, '.waybill/release-'));
const stops: (() => void)[] = [];

/** The environment of a shell: without what the npm that runs this script has set. */
const clean = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE_OPTIONS$|NODE_PATH$)/.test(name)),
);
let env: NodeJS.ProcessEnv = {
  ...clean,
  CI: '1',
  PATH: `${dirname(process.execPath)}:${clean['PATH'] ?? ''}`,
};

function run(folder: string, line: string): string {
  console.log(`$ ${line}`);
  const done = spawnSync('bash', ['-c', line], { cwd: folder, env, encoding: 'utf8', maxBuffer: 1e8 });
  if (done.status !== 0) throw new Error(`${line}\n${done.stdout}\n${done.stderr}`);
  const said = done.stdout.trim().split('\n');
  for (const one of said.slice(-12)) console.log(`    ${one}`);
  return done.stdout;
}

function check(isSo: boolean, message: string): void {
  if (!isSo) throw new Error(message);
  console.log(`    ok: ${message}`);
}

/** The repository as a commit of its own, with a build and its packages linked to one another. */
function copyRepository(): void {
  const files = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1e8,
  }).stdout.split('\0');
  for (const file of files.filter((one) => one !== '' && existsSync(join(root, one))))
    cpSync(join(root, file), join(copy, file));
  for (const name of readdirSync(join(root, 'packages'))) {
    for (const part of ['dist', 'node_modules'])
      if (existsSync(join(root, 'packages', name, part)))
        cpSync(join(root, 'packages', name, part), join(copy, 'packages', name, part), { recursive: true });
  }
  const modules = join(copy, 'node_modules');
  mkdirSync(join(modules, '@waybill'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules/@waybill'))) {
    const folder = name === 'presets' ? 'presets' : `packages/${name}`;
    symlinkSync(join(copy, folder), join(modules, '@waybill', name));
  }
  run(
    copy,
    'git init -q . && git add -A && git -c user.name=A -c user.email=a@example.com commit -qm "As it is"',
  );
  run(copy, 'git config user.name A && git config user.email a@example.com');
}

/** Starts the installed server and waits until it says where. */
async function startServer(folder: string, port: number): Promise<() => Promise<void>> {
  console.log(`$ npx waybill start --demo --json &`);
  const child = spawn('npx', ['--no-install', 'waybill', 'start', '--demo', '--json'], {
    cwd: folder,
    env: { ...env, WAYBILL_PORT: String(port), WAYBILL_SANDBOX_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const stop = (): void => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGTERM');
  };
  stops.push(stop);
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  await new Promise<void>((ready, refuse) => {
    child.stdout.once('data', () => ready());
    child.once('exit', (code) => refuse(new Error(`The server ended with ${code}.`)));
  });
  return async () => {
    stop();
    await ended;
  };
}

async function sendTen(port: number, from: number): Promise<void> {
  const batch = Array.from({ length: 10 }, (_, index) => ({
    type: 'track',
    messageId: `message-${from + index}`,
    userId: 'u-1',
    event: 'Product Viewed',
    properties: { product_id: `P-${index}` },
    context: { traits: { email: 'ada@example.com' } },
  }));
  const answer = await fetch(`http://127.0.0.1:${port}/v1/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa('demo:')}` },
    body: JSON.stringify({ batch }),
  });
  check(answer.ok, `ten events are taken: ${answer.status}`);
}

/** The outcomes of all events, once each has one. */
async function outcomes(folder: string, count: number): Promise<void> {
  for (let tries = 0; ; tries++) {
    const lines = spawnSync('npx', ['--no-install', 'waybill', 'events', 'tail', '--outcomes', '--json'], {
      cwd: folder,
      env,
      encoding: 'utf8',
    }).stdout.trim();
    const delivered = lines.split('\n').filter((line) => line.includes('"delivered"')).length;
    if (delivered >= count) return check(true, `${count} events have the outcome "delivered"`);
    if (tries > 30) throw new Error(`Of ${count} events ${delivered} were delivered:\n${lines}`);
    await new Promise((later) => setTimeout(later, 500));
  }
}

async function follow(): Promise<void> {
  const upstream = spawnSync('npm', ['config', 'get', 'registry'], { env, encoding: 'utf8' }).stdout.trim();
  const registry = await startRegistry(join(scratch, 'registry'), upstream);
  stops.push(registry.stop);
  env = { ...env, NPM_CONFIG_USERCONFIG: registry.npmrc, NPM_CONFIG_CACHE: join(scratch, 'cache') };

  copyRepository();
  if (!/## Unreleased\n+- /.test(readFileSync(join(copy, 'CHANGELOG.md'), 'utf8')))
    change('- A first change.');
  run(copy, `npm run --silent release -- --registry ${registry.url}`);
  const version = (): string => JSON.parse(readFileSync(join(copy, 'lerna.json'), 'utf8')).version as string;
  const first = version();
  check(
    readFileSync(join(copy, 'CHANGELOG.md'), 'utf8').includes(`## ${first} (`),
    `CHANGELOG.md has ${first}`,
  );
  run(copy, `npm run --silent release -- --registry ${registry.url}`);
  check(version() === first, 'the same command again publishes nothing anew');
  check(run(copy, 'git status --porcelain') === '', 'a release leaves nothing that is not committed');

  const shop = join(scratch, 'shop');
  mkdirSync(shop);
  const port = await freePort();
  env = { ...env, WAYBILL_URL: `http://127.0.0.1:${port}`, WAYBILL_DATA: join(shop, '.waybill') };
  run(shop, 'npm init -y >/dev/null && npm install waybill');
  const { megabytes, packages, scripts, peers } = weigh(shop);
  check(megabytes <= MOST_MEGABYTES, `${megabytes} MB are installed, at most ${MOST_MEGABYTES}`);
  check(packages <= MOST_PACKAGES, `${packages} packages are installed, at most ${MOST_PACKAGES}`);
  check(scripts.length === 0, `no package runs a script when it is installed ${scripts.join(' ')}`);
  check(peers.length === 0, `no other event platform's code is installed ${peers.join(' ')}`);
  let stop = await startServer(shop, port);
  await sendTen(port, 0);
  await outcomes(shop, 10);
  run(shop, 'npx --no-install waybill events tail --outcomes --limit 3');
  run(shop, 'npx --no-install waybill backup backup && npx --no-install waybill restore backup --verify');
  await stop();
  rmSync(join(shop, '.waybill'), { recursive: true });
  run(shop, 'npx --no-install waybill restore backup');

  change('- A second change.');
  run(
    copy,
    `git commit -qam "A second change" && npm run --silent release -- patch --registry ${registry.url}`,
  );
  run(shop, 'npm install waybill@latest && npx --no-install waybill --version');
  stop = await startServer(shop, port);
  await sendTen(port, 10);
  await outcomes(shop, 20);
  await stop();
}

/** Writes a line of the changelog of the copy, for a release to have something. */
function change(line: string): void {
  const file = join(copy, 'CHANGELOG.md');
  writeFileSync(file, readFileSync(file, 'utf8').replace('## Unreleased\n', `## Unreleased\n\n${line}\n`));
}

try {
  await follow();
  console.log('\nEverything that a stranger does works.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  for (const stop of stops.reverse()) stop();
  for (const folder of [scratch, copy]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
