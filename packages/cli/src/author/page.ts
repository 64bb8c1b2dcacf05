import { writeFileSync } from 'node:fs';
import { destinationPage } from '@waybill/definitions';
import type { Command } from 'commander';
import { conclude, EXIT, type Exit } from '../output/exit.ts';
import { print, printJson } from '../output/print.ts';
import { visible } from '../output/visible.ts';
import { loadDestination } from './load.ts';

/** `waybill generate page`: the documentation of a destination as Markdown, from its definition. */
export function registerGeneratePage(generate: Command, exit: Exit): void {
  generate
    .command('page')
    .description('write the documentation of a destination as Markdown, from its definition')
    .argument('[module]', 'module, folder, or the name of a built-in one; this folder when absent')
    .option('-o, --output <file>', 'write it to a file')
    .option('--json', 'print JSON')
    .action((module: string | undefined, _flags: unknown, command: Command) => {
      const { output, json } = command.optsWithGlobals<{ output?: string; json?: boolean }>();
      return conclude(exit, json, async () => {
        const page = destinationPage(await loadDestination(module));
        if (output !== undefined) writeFileSync(output, page);
        if (json === true) printJson(output === undefined ? { page } : { written: output });
        else if (output === undefined) process.stdout.write(visible(page));
        else print(`written  ${output}`);
        return EXIT.ok;
      });
    });
}
