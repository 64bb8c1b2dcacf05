import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Part, typesOf } from '@waybill/definitions';
import type { Command } from 'commander';
import { loadDestination } from '../author/load.ts';
import { registerGeneratePage } from '../author/page.ts';
import { registerGenerateAction } from '../init/action.ts';
import { CommandFailure, conclude, EXIT, type Exit } from '../output/exit.ts';
import { print, printJson, printWhole } from '../output/print.ts';
import { projectFiles } from './files.ts';

/** Adds `waybill generate` and its parts. */
export function registerGenerate(program: Command, exit: Exit): void {
  const command = program
    .command('generate')
    .description('write the schemas and types of the destinations of this package')
    .option('--check', 'only list what is stale')
    .option('--json', 'print the result as JSON')
    .action((flags: Flags) => conclude(exit, flags.json, () => generate(process.cwd(), flags)));
  const parts = [
    ['schemas', 'write the JSON Schemas and the metadata of every destination'],
    ['docs', 'write the reference pages that come from the source'],
  ] as const;
  for (const [part, description] of parts) {
    command
      .command(part)
      .description(description)
      .option('--check', 'only list what is stale')
      .option('--json', 'print the result as JSON')
      .action((_flags: Flags, one: Command) => {
        const flags = one.optsWithGlobals<Flags>();
        return conclude(exit, flags.json, () => generate(process.cwd(), flags, [part]));
      });
  }
  command
    .command('types')
    .description('write TypeScript types of settings and payloads')
    .argument('[destination]', 'slug of a destination, or a module that exports one: prints its types')
    .argument('[action]', 'only this action')
    .option('--check', 'only list what is stale')
    .option('--json', 'print the result as JSON')
    .action((wanted: string | undefined, action: string | undefined, _flags: Flags, one: Command) => {
      const flags = one.optsWithGlobals<Flags>();
      return conclude(exit, flags.json, () =>
        wanted === undefined ? generate(process.cwd(), flags, ['types']) : printTypes(wanted, action, flags),
      );
    });
  registerGenerateAction(command, exit);
  registerGeneratePage(command, exit);
}

interface Flags {
  readonly check?: boolean;
  readonly json?: boolean;
}

/** Writes the generated files below a folder; with `check` only reports stale ones. */
export async function generate(folder: string, flags: Flags, parts?: readonly Part[]): Promise<number> {
  const check = flags.check ?? false;
  const stale = [...(await projectFiles(folder, parts))].filter(([name, text]) => {
    const file = join(folder, name);
    return !existsSync(file) || readFileSync(file, 'utf8') !== text;
  });
  for (const [name, text] of stale) {
    if (flags.json !== true) print(`${check ? 'stale' : 'written'}  ${name}`);
    if (check) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  if (flags.json === true) {
    printJson({ [check ? 'stale' : 'written']: stale.map(([name]) => name) });
  } else if (stale.length === 0) print('Everything generated is up to date.');
  else if (check) print(`\n${stale.length} stale; \`waybill generate\` updates them.`);
  return check && stale.length > 0 ? 1 : 0;
}

async function printTypes(wanted: string, action: string | undefined, { json }: Flags): Promise<number> {
  const found = await loadDestination(wanted);
  if (action !== undefined && !Object.hasOwn(found.actions, action)) {
    throw new CommandFailure(
      `"${found.slug}" has no action "${action}". Known: ${Object.keys(found.actions).join(', ')}.`,
      EXIT.usage,
    );
  }
  const types = await typesOf(found, action);
  if (json === true) printJson({ types });
  else printWhole(types.trimEnd());
  return EXIT.ok;
}
