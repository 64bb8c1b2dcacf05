import { existsSync, readFileSync } from 'node:fs';
import { type Event, type Workspace, workspaceShapeIssues } from '@waybill/core';
import type { Command } from 'commander';
import { compareVersions } from './compare.ts';
import { type Impact, impactOn } from './impact.ts';
import { textReport } from './text.ts';
import { lastRelease, readVersion, VersionError } from './versions.ts';
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
    .description('list what changed between two versions of definitions, and what it breaks')
    .argument(
      '<base>',
      'a git reference, a module or package, a folder, a metadata or definition file; `release` for the last release tag',
    )
    .argument('[head]', 'the same; the files here when absent', '.')
    .option('--workspace <file>', 'say which stored mappings of this workspace stop validating')
    .option('--events <file>', 'with --workspace: also send these events through, one JSON object a line')
    .option('--all', 'also list safe changes')
    .option('--allow-breaking', 'exit with 0 whatever changed')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExit code: 0 nothing breaking, 1 something breaking, 2 a mistake in the command line.\nThe kinds of change are listed in docs/diff.md.',
    )
    .action(async (base: string, head: string, flags: Flags) => exit(await run(base, head, flags)));
}

async function run(base: string, head: string, flags: Flags): Promise<number> {
  try {
    const name = base === 'release' ? lastRelease() : base;
    if (name === undefined) {
      if (flags.json === true) printJson({ ok: true, changes: [], note: 'no release' });
      else print(NO_RELEASE);
      return 0;
    }
    const [before, after] = [await readVersion(name), await readVersion(head)];
    const changes = compareVersions(before, after);
    const impact =
      flags.workspace === undefined
        ? undefined
        : impactOn(readWorkspace(flags.workspace), before, after, changes, readEvents(flags.events));
    const ok = !changes.some((one) => one.level === 'breaking') || flags.allowBreaking === true;
    render(changes, impact, flags, ok);
    return ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof VersionError)) throw error;
    printError(`waybill diff: ${error.message}`);
    return 2;
  }
}

const NO_RELEASE = 'There is no release tag (v1.2.3) yet, so there is nothing to compare with.';

function render(
  changes: ReturnType<typeof compareVersions>,
  impact: Impact | undefined,
  flags: Flags,
  ok: boolean,
): void {
  if (flags.json !== true) {
    print(textReport(changes, impact, flags.all ?? false));
    return;
  }
  const result = { ok, changes, ...(impact === undefined ? {} : { workspace: impact }) };
  printJson(result);
}

function readEvents(file: string | undefined): readonly Event[] {
  if (file === undefined) return [];
  if (!existsSync(file)) throw new VersionError(`There is no file of events at ${file}.`);
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as Event];
    } catch {
      throw new VersionError(`${file}: line ${index + 1} is not JSON.`);
    }
  });
}

function readWorkspace(file: string): Workspace {
  if (!existsSync(file)) throw new VersionError(`There is no workspace file at ${file}.`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new VersionError(`${file} is not JSON.`);
  }
  const [issue] = workspaceShapeIssues(value);
  if (issue !== undefined) throw new VersionError(`${file}: ${issue.path}: ${issue.message}`);
  return value as Workspace;
}
