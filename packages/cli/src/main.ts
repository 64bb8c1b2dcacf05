import { readFileSync } from 'node:fs';
import { Failure } from '@waybill/server';
import { PLATFORMS } from '@waybill/shop-sandboxes';
import { Command, CommanderError, Option } from 'commander';
import { registerAuthoring } from './commands.ts';
import { demo } from './demo/demo.ts';
import { registerDiff } from './diff/command.ts';
import { registerGenerate } from './generate/command.ts';
import { CommandFailure, EXIT } from './output/exit.ts';
import { readSettings, type StartFlags } from './settings.ts';
import { start } from './start.ts';
import { registerValidate } from './validate/command.ts';
import { printError } from './output/print.ts';

/** Runs one command line (without the program's own name) and returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let exit: number = EXIT.ok;
  const program = new Command('waybill')
    .description('Receives events, maps them, delivers them, and keeps a record of what became of each.')
    .version(version())
    .exitOverride()
    .showHelpAfterError('(waybill --help shows the commands)');

  const serving = (command: Command): Command =>
    command
      .addOption(new Option('--port <number>', 'port of the server').env('WAYBILL_PORT'))
      .addOption(new Option('--host <address>', 'address to listen on').env('WAYBILL_HOST'))
      .addOption(new Option('--data <folder>', 'folder of the databases').env('WAYBILL_DATA'))
      .addOption(
        new Option('--log-level <level>', 'silent, error, warn, info or debug').env('WAYBILL_LOG_LEVEL'),
      )
      .option('--json', 'print one JSON object for machines instead of text');

  serving(program.command('start').description('start the server'))
    .addOption(new Option('--workspace <file>', 'workspace file to apply').env('WAYBILL_WORKSPACE'))
    .addOption(
      new Option(
        '--destination <module>',
        'a module or package that exports destinations, or segment:<slug>; repeatable',
      )
        .argParser((value, before: readonly string[] = []) => [...before, ...value.split(',')])
        .env('WAYBILL_DESTINATIONS'),
    )
    .option('--demo', 'apply a demo workspace and start a local Iterable beside the server')
    .action(async (flags: StartFlags) => {
      exit = await start(readSettings(flags));
    });
  serving(program.command('demo').description('play a recorded shopping day and show what became of it'))
    .addOption(
      new Option('--shop <platform>', 'live the day in a local shop of this platform').choices(PLATFORMS),
    )
    .action(async (flags: StartFlags) => {
      exit = await demo(readSettings({ ...flags, demo: true }));
    });

  const setExit = (code: number): void => {
    exit = code;
  };
  registerGenerate(program, setExit);
  registerValidate(program, setExit);
  registerDiff(program, setExit);
  registerAuthoring(program, setExit);

  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    return exitOf(error);
  }
  return exit;
}

/** Says why a command ended, and gives its exit code. */
function exitOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof CommandFailure) {
    printError(error.message);
    return error.exit;
  }
  if (error instanceof Failure) printError(`${error.code}: ${error.message}`);
  else printError(error instanceof Error ? `waybill: ${error.message}` : String(error));
  return EXIT.problems;
}

function version(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
