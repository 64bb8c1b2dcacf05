import { existsSync, readdirSync } from 'node:fs';
import { parse } from 'node:path';
import { destinations } from '@waybill/destinations';
import { processors, sources } from '@waybill/ingest';
import type { Command } from 'commander';
import { EXIT, type Exit } from '../output/exit.ts';
import { cliPage } from './page.ts';
import { type Defined, settingsPage } from './settings-page.ts';

/** `waybill reference`: prints `docs/cli.md`, or `docs/settings.md`. Not listed: only this repository needs it. */
export function registerReference(program: Command, exit: Exit): void {
  program
    .command('reference', { hidden: true })
    .description('print the reference of the command line')
    .option('--settings', 'print that of variables and settings')
    .action((flags: { readonly settings?: boolean }) => {
      process.stdout.write(flags.settings === true ? settingsPage(program, defined()) : cliPage(program));
      exit(EXIT.ok);
    });
}

/** Waybill's own definitions, with their pages. */
function defined(): readonly Defined[] {
  return [
    { title: 'Destinations', definitions: destinations, folder: 'destinations' },
    { title: 'Sources', definitions: sources, folder: 'sources' },
    { title: 'Processors', definitions: processors, folder: 'processors' },
  ].map((one) => ({ ...one, pages: pagesIn(`docs/${one.folder}`) }));
}

/** The names of the pages in a folder. */
function pagesIn(folder: string): ReadonlySet<string> {
  return new Set(existsSync(folder) ? readdirSync(folder).map((file) => parse(file).name) : []);
}
