/**
 * What README.md says to do with a clone, in a clone: the first start, the demo, and packages of it in an empty folder. It says
 * how long the first start takes and how large its installation is.
 *
 *     npm run test:clone
 *
 * Takes some minutes: everything is installed anew.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandBlocks } from '../docs/blocks.ts';
import { freePort } from '../e2e/port.ts';
import { check, CLEAN, createSteps } from './steps.ts';
import { MOST_MEGABYTES, MOST_PACKAGES, weigh } from './weigh.ts';

const root = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'waybill-clone-'));
const clone = join(scratch, 'clone');
const empty = join(scratch, 'empty');
const ports = { WAYBILL_PORT: String(await freePort()), WAYBILL_SANDBOX_PORT: '0' };
const steps = createSteps(() => ({ ...CLEAN, ...ports }));
const READY = /Waybill listens/;
function commandsIn(page: string): readonly string[] {
  const mine = commandBlocks(root, page).filter(
    ({ marker }) => marker?.kind === 'by' && marker.file === 'test/release/clone.ts',
  );
  return mine.flatMap(({ commands }) => commands);
}

async function firstStart(command: string): Promise<void> {
  const began = process.hrtime.bigint();
  const server = await steps.start(clone, command, READY);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const { megabytes, packages } = weigh(clone);
  console.log(`    ready after ${seconds.toFixed(1)} s`);
  check(megabytes <= MOST_MEGABYTES, `${megabytes} MB are installed, at most ${MOST_MEGABYTES}`);
  check(packages <= MOST_PACKAGES, `${packages} packages are installed, at most ${MOST_PACKAGES}`);
  await server.stop();
  const again = process.hrtime.bigint();
  await (await steps.start(clone, command, READY)).stop();
  console.log(`    a second time after ${(Number(process.hrtime.bigint() - again) / 1e9).toFixed(1)} s`);
}

async function follow(): Promise<void> {
  steps.run(scratch, `git clone --quiet ${root} clone`);
  const [start, demo, pack, install, startInstalled, ...more] = commandsIn('README.md');
  check(more.length === 0, 'README.md has the commands that this script knows');
  check(
    commandsIn('docs/guide/console.md').join() === start,
    'the guide of the console begins in the same way',
  );
  await firstStart(start!);
  check(/profile/i.test(steps.run(clone, demo!)), 'the demo shows profiles');
  steps.run(clone, pack!);
  mkdirSync(empty);
  steps.run(empty, install!.replace('<clone>', clone));
  const { megabytes, packages } = weigh(empty);
  check(megabytes <= MOST_MEGABYTES, `${megabytes} MB are installed, at most ${MOST_MEGABYTES}`);
  check(packages <= MOST_PACKAGES, `${packages} packages are installed, at most ${MOST_PACKAGES}`);
  await (await steps.start(empty, startInstalled!, READY)).stop();
}

try {
  await follow();
  console.log('\nA clone does what README.md says.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await steps.stopAll();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}
