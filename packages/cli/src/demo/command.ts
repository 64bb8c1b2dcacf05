import { PLATFORMS } from '@waybill/shop-sandboxes';
import { type Command, Option } from 'commander';
import type { Exit } from '../output/exit.ts';
import { readSettings, type StartFlags } from '../settings.ts';
import { serverFlags } from '../start/flags.ts';
import { demo } from './demo.ts';

/** Adds `waybill demo`. */
export function registerDemo(program: Command, exit: Exit): void {
  serverFlags(program.command('demo').description('play a recorded shopping day and show the result'))
    .addOption(
      new Option('--shop <platform>', 'play the day in a local shop of this platform').choices(PLATFORMS),
    )
    .action(async (flags: StartFlags) => exit(await demo(readSettings({ ...flags, demo: true }))));
}
