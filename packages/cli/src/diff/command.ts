import { diffReport } from '@waybill/definitions';
import { type DiffResult, diffVersions, VersionError } from '@waybill/definitions/files';
import type { Command } from 'commander';
import { print, printError, printJson } from '../output/print.ts';

interface Flags {
  readonly json?: boolean;
  readonly all?: boolean;
  readonly allowBreaking?: boolean;
  readonly workspace?: string;
  readonly events?: string;
}

/** Adds `waybill diff`. */
export function registerDiff(program: Command, exit: (code: number) => void): void {
  program
    .command('diff')
    .description('list the changes between two versions of definitions, and what they break')
    .argument(
      '<base>',
      'a git reference, a module or package, a folder, a metadata or definition file; `release` for the last release tag',
    )
    .argument('[head]', 'the same; if absent, the files in this folder', '.')
    .option('--workspace <file>', 'list stored mappings of this workspace that become invalid')
    .option('--events <file>', 'with --workspace: also run these events, as JSON lines')
    .option('--all', 'also list safe changes')
    .option('--allow-breaking', 'exit with 0 even if changes are breaking')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExit code: 0 nothing breaking, 1 something breaking,\n2 a mistake in the command line.\nThe kinds of change are listed in docs/diff.md.',
    )
    .action(async (base: string, head: string, flags: Flags) => exit(await run(base, head, flags)));
}

async function run(base: string, head: string, flags: Flags): Promise<number> {
  try {
    const result = await diffVersions({ base, head, ...flags });
    if (result === undefined) {
      if (flags.json === true) printJson({ ok: true, changes: [], note: 'no release' });
      else print(NO_RELEASE);
      return 0;
    }
    const ok = !result.changes.some((one) => one.level === 'breaking') || flags.allowBreaking === true;
    render(result, flags, ok);
    return ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof VersionError)) throw error;
    if (flags.json === true) printJson({ success: false, error: { message: error.message } });
    else printError(`waybill diff: ${error.message}`);
    return 2;
  }
}

const NO_RELEASE = 'There is no release tag (v1.2.3) yet, so there is nothing to compare with.';

function render({ changes, impact }: DiffResult, flags: Flags, ok: boolean): void {
  if (flags.json !== true) print(diffReport(changes, impact, flags.all ?? false));
  else printJson({ ok, changes, ...(impact === undefined ? {} : { workspace: impact }) });
}
