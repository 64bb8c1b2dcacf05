/**
 * The steps of a new user, with a registry of this machine: every package is released to it, packages are created as in the guides,
 * `waybill` is installed in an empty folder and started, ten events are sent by three clients and shown, the data is backed up,
 * destroyed and restored, and the next version installed over it.
 *
 *     npm run test:release
 *     npm run test:release -- --root debian                 the stranger's part in a Debian with nothing but Node and npm
 *     npm run test:release -- --root debian-without-node    in one without Node: the image's root is made there by its own scripts, and run
 *
 * Takes a few minutes; every step prints its command and the end of its output.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { notesOf } from '../../release/changelog.ts';
import { commandBlocks } from '../docs/blocks.ts';
import { freePort } from '../e2e/port.ts';
import { CLIENTS, SENDER } from './clients.ts';
import { beOperator } from './image.ts';
import { outcomes } from './outcomes.ts';
import { debian, debianWithoutNode, type Place, thisMachine } from './place.ts';
import { check, CLEAN, createSteps } from './steps.ts';
import { type LocalRegistry, startRegistry } from './verdaccio.ts';
import { MOST_MEGABYTES, MOST_PACKAGES, weigh } from './weigh.ts';

const root = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'waybill-release-'));
mkdirSync(join(root, '.waybill'), { recursive: true });
// Below the repository, whose `node_modules` contains the other packages.
const copy = mkdtempSync(join(root, '.waybill/release-'));
const { values } = parseArgs({ options: { root: { type: 'string' } } });

const PLACES: Readonly<Record<string, typeof thisMachine>> = {
  here: thisMachine,
  debian,
  'debian-without-node': debianWithoutNode,
};
const WAYBILL = 'npx --no-install waybill';
/** The repository in the manifests of the packages. */
const REPOSITORY = 'git+https://host.example/waybill.git';

let env: NodeJS.ProcessEnv = {
  ...CLEAN,
  CI: '1',
  PATH: `${dirname(process.execPath)}:${CLEAN['PATH'] ?? ''}`,
};
/** The releaser uses this machine. */
const releaser = createSteps(() => env);
const run = releaser.run;
const stops: (() => unknown)[] = [() => releaser.stopAll()];

/** Copies the repository as a separate commit, with a build and its packages linked to one another. */
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
  if (notesOf(changelog(), version()) !== undefined) run(copy, `git tag v${version()}`);
}

function version(): string {
  return (JSON.parse(readFileSync(join(copy, 'lerna.json'), 'utf8')) as { version: string }).version;
}

function changelog(): string {
  return readFileSync(join(copy, 'CHANGELOG.md'), 'utf8');
}

/** Returns the commands in the README of the package, with the folder and the port of this script. */
function commandsOfReadme(): readonly string[] {
  const page = 'packages/waybill/README.md';
  return commandBlocks(root, page).find(({ marker }) => marker?.kind === 'by')!.commands;
}

/** Releases the copy twice: the second time there is nothing to do. */
function release({ url }: LocalRegistry): void {
  copyRepository();
  const before = version();
  change('- A first change.');
  run(copy, 'git commit -qam "feat(cli): a first feature"');
  run(copy, `npm run --silent release -- --registry ${url} --repository ${REPOSITORY}`);
  const first = version();
  check(isRaised(before, first, 1), `a feature raises the minor version: ${before}, ${first}`);
  const notes = notesOf(changelog(), first) ?? '';
  check(
    notes.startsWith('- A first change.') && notes.includes('### Features\n\n- **cli:** a first feature ('),
    `CHANGELOG.md has ${first}, with what people wrote and what commits say`,
  );
  run(copy, `npm run --silent release -- --registry ${url}`);
  check(version() === first, 'the same command again publishes nothing anew');
  check(run(copy, 'git status --porcelain') === '', 'a release leaves nothing that is not committed');
}

/** Whether a version is the next one: its minor or its patch number is raised. */
function isRaised(before: string, after: string, place: 1 | 2): boolean {
  const numbers = before.split('.').map(Number);
  const next = numbers.map((one, at) => (at < place ? one : at === place ? one + 1 : 0));
  return after === next.join('.');
}

/** Releases a second version. */
function releaseNext({ url }: LocalRegistry): void {
  const before = version();
  change('- A second change.');
  run(copy, `git commit -qam "fix: a second change" && npm run --silent release -- --registry ${url}`);
  check(isRaised(before, version(), 2), `a fix raises the patch version: ${before}, ${version()}`);
  run(copy, 'git commit -q --allow-empty -m "refactor!: old flags are gone"');
  const plan = run(copy, 'npm run --silent release -- --dry');
  const next = /^## (\S+) \(/m.exec(plan)?.[1] ?? 'nothing';
  const isBreaking = plan.includes('### Breaking changes\n\n- old flags are gone (');
  check(isRaised(version(), next, 1) && isBreaking, `a breaking change would make it ${next}`);
}

function weighInstalled(folder: string): void {
  const { megabytes, packages, scripts, peers } = weigh(folder);
  check(megabytes <= MOST_MEGABYTES, `${megabytes} MB are installed, at most ${MOST_MEGABYTES}`);
  check(packages <= MOST_PACKAGES, `${packages} packages are installed, at most ${MOST_PACKAGES}`);
  check(scripts.length === 0, `no package runs a script when it is installed ${scripts.join(' ')}`);
  check(peers.length === 0, `no other event platform's code is installed ${peers.join(' ')}`);
}

/** Runs the command without a project: once, and installed globally (here: below a folder). */
function checkOtherWays({ steps, inside }: Place): void {
  const once = steps.run(inside, 'npx --yes waybill --version');
  const prefix = join(inside, 'global');
  const global = steps.run(
    inside,
    `npm install -g --prefix ${prefix} waybill && ${prefix}/bin/waybill --version`,
  );
  check(global.trim().endsWith(once.trim()), 'it runs with npx, and installed globally');
}

/** The first steps of both guides: a package is created from a template of the registry, installed, and tested. */
function beAuthor({ steps, inside, outside }: Place): void {
  for (const name of ['first-destination', 'first-source']) {
    mkdirSync(join(outside, name));
    const [make, test] = commandBlocks(root, `docs/guide/${name}.md`);
    steps.run(join(inside, name), [...make!.commands, ...test!.commands].join(' && '));
  }
}

/** Installs, starts, sends, checks, backs up, destroys, restores and upgrades. */
async function beStranger(place: Place, registry: LocalRegistry, port: number): Promise<void> {
  const { steps, inside, outside } = place;
  const [shop, client] = [join(inside, 'shop'), join(inside, 'client')];
  for (const name of ['shop', 'client']) mkdirSync(join(outside, name));
  env = { ...env, WAYBILL_DATA: join(shop, '.waybill') };
  checkOtherWays(place);
  beAuthor(place);
  const [install, start, tail] = commandsOfReadme();
  steps.run(shop, `npm init -y >/dev/null && ${install}`);
  weighInstalled(join(outside, 'shop'));
  const said = ['sbom.cdx.json', 'LICENCES.md'].map((name) =>
    join(outside, 'shop/node_modules/waybill', name),
  );
  check(said.every(existsSync), 'it has a bill of materials and a page of licences');
  const manifest = join(outside, 'shop/node_modules/@waybill/core/package.json');
  check(readFileSync(manifest, 'utf8').includes(REPOSITORY), 'its packages say where their source is');
  writeFileSync(join(outside, 'client/send.mjs'), SENDER);
  steps.run(client, `npm init -y >/dev/null && npm install ${CLIENTS.join(' ')}`);
  const send = (name: string): string => steps.run(client, `node send.mjs http://127.0.0.1:${port} ${name}`);

  let server = await steps.start(shop, start!, /Waybill listens/);
  send('first');
  await outcomes(steps, shop, WAYBILL, 10);
  steps.run(shop, `${tail} --limit 3`);
  steps.run(shop, 'npx waybill doctor');
  steps.run(shop, 'npx waybill backup backup && npx waybill restore backup --verify');
  await server.stop();
  steps.run(shop, 'rm -r .waybill');
  steps.run(shop, 'npx waybill restore backup');

  releaseNext(registry);
  steps.run(shop, 'npm install waybill@latest && npx waybill --version');
  server = await steps.start(shop, start!, /Waybill listens/);
  send('second');
  await outcomes(steps, shop, WAYBILL, 20);
  await server.stop();
}

async function follow(): Promise<void> {
  const makePlace = PLACES[values.root ?? 'here'];
  if (makePlace === undefined)
    throw new Error(`--root is "${values.root}"; it must be one of ${Object.keys(PLACES).join(', ')}.`);
  const upstream = spawnSync('npm', ['config', 'get', 'registry'], { env, encoding: 'utf8' }).stdout.trim();
  const registry = await startRegistry(join(scratch, 'registry'), upstream);
  stops.push(registry.stop);
  env = { ...env, NPM_CONFIG_USERCONFIG: registry.npmrc, NPM_CONFIG_CACHE: join(scratch, 'cache') };
  release(registry);
  const port = await freePort();
  env = {
    ...env,
    WAYBILL_URL: `http://127.0.0.1:${port}`,
    WAYBILL_PORT: String(port),
    WAYBILL_SANDBOX_PORT: '0',
  };
  const place = makePlace(scratch, () => env);
  stops.push(() => place.steps.stopAll());
  if (makePlace !== debianWithoutNode) return await beStranger(place, registry, port);
  const cloneTo = (folder: string): void => void run(scratch, `git clone --quiet ${copy} ${folder}`);
  const operator = { place, scratch, env: () => env, port, cloneTo };
  await beOperator({ ...operator, releaseNext: () => releaseNext(registry) });
}

/** Adds a line to the changelog of the copy, so that a release has content. */
function change(line: string): void {
  const opened = changelog().replace('## Unreleased\n', `## Unreleased\n\n${line}\n`);
  writeFileSync(join(copy, 'CHANGELOG.md'), opened);
}

try {
  await follow();
  console.log('\nEverything that a stranger does works.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  for (const stop of stops.reverse()) await stop();
  for (const folder of [scratch, copy]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
