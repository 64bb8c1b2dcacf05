import { readFileSync } from 'node:fs';
import { Failure } from '@waybill/server/failure';
import { Command, CommanderError } from 'commander';
import { commandsFor } from './commands.ts';
import { CommandFailure, EXIT } from './output/exit.ts';
import { printError, printJson } from './output/print.ts';

/** Runs one command line (without the program's own name) and returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let exit: number = EXIT.ok;
  const program = new Command('waybill')
    .description('Receives events, maps and delivers them, and records the outcome of each.')
    .version(version())
    // Descriptions next to long terms wrap too, so that help fits in 80 columns.
    .configureHelp({ minWidthToWrap: 20 })
    .exitOverride()
    .showHelpAfterError('(waybill --help shows the commands)');

  const setExit = (code: number): void => {
    exit = code;
  };
  try {
    for (const register of await commandsFor(args)) register(program, setExit);
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    return exitOf(error, args.includes('--json'));
  }
  return exit;
}

/** Prints why a command ended, and returns its exit code. */
function exitOf(error: unknown, asJson: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const message = error instanceof Error ? error.message : String(error);
  if (asJson) printJson({ success: false, error: { message, ...detailsOf(error) } });
  else if (error instanceof Failure) printError(`${error.code}: ${message}`);
  else
    printError(
      error instanceof CommandFailure || !(error instanceof Error) ? message : `waybill: ${message}`,
    );
  return error instanceof CommandFailure ? error.exit : EXIT.problems;
}

function detailsOf(error: unknown): object {
  if (error instanceof CommandFailure) return error.details;
  return error instanceof Failure ? { code: error.code } : {};
}

function version(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
