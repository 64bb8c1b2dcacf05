import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { askChoice, askText } from '../output/ask.ts';
import { CommandFailure, conclude, EXIT, type Exit } from '../output/exit.ts';
import { namesOf } from './names.ts';
import { type Template, templateFiles, TEMPLATES } from './templates.ts';
import { print, printJson } from '../output/print.ts';

interface Flags {
  readonly template?: Template;
  readonly name?: string;
  readonly json?: boolean;
}

/** `waybill init`: creates the package of a new destination or source. */
export function registerInit(program: Command, exit: Exit): void {
  program
    .command('init')
    .description('create the package of a new destination or source')
    .argument('[folder]', 'new folder; it must be empty or not exist')
    .addOption(
      new Option('-t, --template <kind>', 'kind of credentials, or source').choices(
        TEMPLATES.map(({ value }) => value),
      ),
    )
    .option('--name <name>', 'display name of the service or shop')
    .option('--json', 'print JSON')
    .action((folder: string | undefined, flags: Flags) =>
      conclude(exit, flags.json, () => init(folder, flags)),
    );
}

async function init(given: string | undefined, flags: Flags): Promise<number> {
  const quiet = flags.json === true;
  const where =
    given ??
    (quiet
      ? '.'
      : await askText(
          'Folder',
          isEmpty('.') ? '.' : flags.template === 'source' ? 'my-source' : 'my-destination',
        ));
  const folder = resolve(where);
  if (!isEmpty(folder)) {
    throw new CommandFailure(`${folder} is not empty. Name a folder that does not exist yet.`, EXIT.usage);
  }
  const suggested = namesOf(flags.name ?? basename(folder)).title;
  const name = flags.name ?? (quiet ? suggested : await askText('Name of the service or shop', suggested));
  if (/['\\`\n${}"]/.test(name))
    throw new CommandFailure(`The name ${name} has a quote, a brace or a line break in it.`, EXIT.usage);
  const template =
    flags.template ?? (quiet ? TEMPLATES[0].value : await askChoice('What to create', TEMPLATES));
  const slug = namesOf(name).file;
  const kind = template === 'source' ? 'source' : 'destination';
  const words = { name, slug, package: `waybill-${kind}-${slug}`, version: ownVersion() };
  const folders = kind === 'source' ? ['base', 'source'] : ['base', 'common', template];
  const files = templateFiles(
    folders.map((one) => `init/${one}`),
    words,
  );
  for (const [path, text] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  if (quiet) printJson({ folder, slug, template, files: [...files.keys()] });
  else {
    const at = relative(process.cwd(), folder);
    print(
      [
        `${name} is in ${folder}: ${files.size} files, ${kind === 'source' ? 'a source that reads a shop' : `with credentials of the kind "${template}"`}.`,
        '',
        'Next:',
        ...(at === '' ? [] : [`  cd ${at}`]),
        '  npm install',
        '  npm test',
        kind === 'source'
          ? '  npx waybill start --source .   a server that includes it'
          : '  npm run serve       a local page to try the actions',
      ].join('\n'),
    );
  }
  return EXIT.ok;
}

/** Whether a package can be created there: the folder is empty except for a repository. */
function isEmpty(folder: string): boolean {
  return !existsSync(folder) || readdirSync(folder).every((name) => name === '.git');
}

function ownVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
