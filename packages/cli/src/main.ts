import { readFileSync } from 'node:fs';
import { Failure } from '@waybill/server/failure';
import { Command, CommanderError } from 'commander';
import { commandsFor } from './commands.ts';
import { CommandFailure, EXIT } from './output/exit.ts';
import { printError } from './output/print.ts';

/** Runs one command line (without the program's own name) and returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let exit: number = EXIT.ok;
  const program = new Command('waybill')
    .description('Receives events, maps them, delivers them, and keeps a record of what became of each.')
    .version(version())
    .exitOverride()
    .showHelpAfterError('(waybill --help shows the commands)');

  const setExit = (code: number): void => {
    exit = code;
  };
  try {
    for (const register of await commandsFor(args)) register(program, setExit);
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
