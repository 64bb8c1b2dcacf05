import { type Command, Option } from 'commander';
import type { Exit } from '../output/exit.ts';
import { readSettings, type StartFlags } from '../settings.ts';
import { serverFlags } from './flags.ts';
import { start } from './start.ts';

/** Adds `waybill start`. */
export function registerStart(program: Command, exit: Exit): void {
  serverFlags(program.command('start').description('start the server'))
    .addOption(new Option('--workspace <file>', 'workspace file to apply').env('WAYBILL_WORKSPACE'))
    .addOption(
      new Option(
        '--destination <module>',
        'a module or package that exports destinations, or segment:<slug>; repeatable',
      )
        .argParser((value, before: readonly string[] = []) => [...before, ...value.split(',')])
        .env('WAYBILL_DESTINATIONS'),
    )
    .addOption(
      new Option('--source <module>', 'a module or package that exports sources; repeatable')
        .argParser((value, before: readonly string[] = []) => [...before, ...value.split(',')])
        .env('WAYBILL_SOURCES'),
    )
    .option('--demo', 'apply a demo workspace and start a local Iterable with the server')
    .action(async (flags: StartFlags) => exit(await start(readSettings(flags))));
}
