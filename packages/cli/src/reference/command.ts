import type { Command } from 'commander';
import { EXIT, type Exit } from '../output/exit.ts';
import { cliPage } from './page.ts';

/** `waybill reference`: prints `docs/cli.md`. Not listed: only this repository needs it. */
export function registerReference(program: Command, exit: Exit): void {
  program
    .command('reference', { hidden: true })
    .description('print the reference of the command line')
    .action(() => {
      process.stdout.write(cliPage(program));
      exit(EXIT.ok);
    });
}
