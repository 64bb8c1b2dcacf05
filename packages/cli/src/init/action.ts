import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { CommandFailure, conclude, EXIT, type Exit } from '../output/exit.ts';
import { type Names, namesOf } from './names.ts';
import { templateFiles } from './templates.ts';
import { print, printJson } from '../output/print.ts';

/** `waybill generate action NAME`: adds an action with a case file to a package made by `waybill init`. */
export function registerGenerateAction(generate: Command, exit: Exit): void {
  generate
    .command('action')
    .description('add an action, with a case file, to a package created by init')
    .argument('<name>', 'such as "Add Tag"')
    .option('--folder <folder>', 'folder of the package', '.')
    .option('--json', 'print JSON')
    .action((name: string, _flags: unknown, command: Command) => {
      // A flag that the parent also has is parsed as the parent's.
      const { folder, json } = command.optsWithGlobals<{ folder: string; json?: boolean }>();
      return conclude(exit, json, () => addAction(name, resolve(folder), json ?? false));
    });
}

function addAction(given: string, folder: string, json: boolean): number {
  const names = namesOf(given);
  const index = join(folder, 'src/index.ts');
  if (!existsSync(index)) {
    throw new CommandFailure(
      `There is no src/index.ts in ${folder}. Create a package with "waybill init" first.`,
      EXIT.usage,
    );
  }
  const parts = templateFiles(['action'], { ...names });
  const files = new Map([
    [`src/actions/${names.file}.ts`, parts.get('action.ts.tmpl')!],
    [`cases/${names.file}.json`, parts.get('case.json')!],
  ]);
  for (const name of files.keys()) {
    if (existsSync(join(folder, name))) throw new CommandFailure(`${name} already exists.`);
  }
  const entry = listed(readFileSync(index, 'utf8'), names);
  for (const [name, text] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  if (entry !== undefined) writeFileSync(index, entry);
  if (json) printJson({ action: names.key, files: [...files.keys()], listed: entry !== undefined });
  else {
    for (const name of files.keys()) print(`written  ${name}`);
    print(
      entry === undefined
        ? `\nsrc/index.ts was changed since init created it. Add to it:\n  ${importOf(names)}\nand "${names.key}" to its actions.`
        : 'changed  src/index.ts',
    );
  }
  return entry === undefined ? EXIT.problems : EXIT.ok;
}

/** Adds the action to `src/index.ts`; undefined when its form is not recognised. */
function listed(text: string, names: Names): string | undefined {
  const imports = [...text.matchAll(/^import .*;$/gm)].filter(([line]) => line.includes("'./actions/"));
  const last = imports.at(-1) ?? [...text.matchAll(/^import .*;$/gm)].at(-1);
  const actions = /^( *)actions: \{\n((?:\1 +\w+,\n)*)\1\},$/m.exec(text);
  if (last === undefined || actions === null) return undefined;
  const indent = actions[1] ?? '';
  const list = `${indent}actions: {\n${actions[2] ?? ''}${indent}  ${names.key},\n${indent}},`;
  const at = last.index + last[0].length;
  // The list is after the imports, so it is replaced first.
  const changed = text.slice(0, actions.index) + list + text.slice(actions.index + actions[0].length);
  return `${changed.slice(0, at)}\n${importOf(names)}${changed.slice(at)}`;
}

function importOf({ key, file }: Names): string {
  return `import { ${key} } from './actions/${file}.ts';`;
}
