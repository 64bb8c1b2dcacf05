/**
 * What README.md says to do with a clone, in a clone: the first start, the demo, and packages of it in an empty folder. It says
 * how long the first start takes and how large its installation is.
 *
 *     npm run test:clone
 *     npm run test:clone -- --node /usr/bin      with the Node of a folder, such as an older one
 *     npm run test:clone -- --starts 3           only first starts, three times, the first one with an empty cache of npm
 *
 * Takes some minutes: everything is installed again.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { commandBlocks } from '../docs/blocks.ts';
import { freePort } from '../e2e/port.ts';
import { check, CLEAN, createSteps } from './steps.ts';
import { MOST_MEGABYTES, MOST_PACKAGES, weigh } from './weigh.ts';

const root = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'waybill-clone-'));
const clone = join(scratch, 'clone');
const empty = join(scratch, 'empty');
const { values } = parseArgs({ options: { node: { type: 'string' }, starts: { type: 'string' } } });
const path = [values.node, CLEAN['PATH']].filter((one) => one !== undefined).join(':');
// Without local state.
const cache = values.starts === undefined ? {} : { NPM_CONFIG_CACHE: join(scratch, 'cache') };
const ports = { WAYBILL_PORT: String(await freePort()), WAYBILL_SANDBOX_PORT: '0' };
const steps = createSteps(() => ({ ...CLEAN, PATH: path, ...cache, ...ports }));
const READY = /Waybill listens/;
/** The size of Node, which is installed next to an older one. */
const NODE_MEGABYTES = 125;
function commandsIn(page: string): readonly string[] {
  const mine = commandBlocks(root, page).filter(
    ({ marker }) => marker?.kind === 'by' && marker.file === 'test/release/clone.ts',
  );
  return mine.flatMap(({ commands }) => commands);
}

async function start(command: string): Promise<number> {
  const began = process.hrtime.bigint();
  const server = await steps.start(clone, command, READY);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  await server.stop();
  return seconds;
}

/** Measures the packages in a folder, with Node where an older one needs it. */
function weighIn(folder: string): void {
  const { megabytes, packages } = weigh(folder);
  const most = MOST_MEGABYTES + (existsSync(join(folder, 'node_modules/node')) ? NODE_MEGABYTES : 0);
  check(megabytes <= most, `${megabytes} MB are installed, at most ${most}`);
  check(packages <= MOST_PACKAGES, `${packages} packages are installed, at most ${MOST_PACKAGES}`);
}

function makeClone(): void {
  rmSync(clone, { recursive: true, force: true });
  steps.run(scratch, `git clone --quiet ${root} clone`);
}

async function firstStart(command: string): Promise<void> {
  makeClone();
  console.log(`    ready after ${(await start(command)).toFixed(1)} s`);
  weighIn(clone);
  console.log(`    a second time after ${(await start(command)).toFixed(1)} s`);
}

async function follow(): Promise<void> {
  const [start, demo, pack, install, startInstalled, ...more] = commandsIn('README.md');
  check(more.length === 0, 'README.md has the commands that this script knows');
  check(
    commandsIn('docs/guide/console.md').join() === start,
    'the guide of the console begins in the same way',
  );
  for (let times = Number(values.starts ?? 1); times > 0; times--) await firstStart(start!);
  if (values.starts !== undefined) return;
  check(/profile/i.test(steps.run(clone, demo!)), 'the demo shows profiles');
  steps.run(clone, pack!);
  // Installed packages need a newer Node.
  if (existsSync(join(clone, 'node_modules/node'))) return;
  mkdirSync(empty);
  steps.run(empty, install!.replace('<clone>', clone));
  weighIn(empty);
  await (await steps.start(empty, startInstalled!, READY)).stop();
}

try {
  await follow();
  if (values.starts === undefined) console.log('\nA clone does what README.md says.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await steps.stopAll();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}
