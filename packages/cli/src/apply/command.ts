import type { ShownWorkspace } from '@waybill/api';
import type { Command } from 'commander';
import { workspaceShapeIssues } from '@waybill/core';
import { readJson } from '../author/read.ts';
import { askConfirmation } from '../output/ask.ts';
import { CommandFailure, conclude, EXIT, type Exit } from '../output/exit.ts';
import { connect, type RemoteFlags, remoteOptions } from '../remote/client.ts';
import { planChanges, planText } from '@waybill/definitions';
import { colourChanges } from '../output/colour.ts';
import { print, printError, printJson } from '../output/print.ts';

interface Flags extends RemoteFlags {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly note?: string;
}

/** `waybill apply`: applies a workspace file, after showing the changes. */
export function registerApply(program: Command, exit: Exit): void {
  remoteOptions(
    program
      .command('apply')
      .description('apply a workspace file to a running server, after showing the changes')
      .argument('<file>', 'workspace file'),
  )
    .option('--dry-run', 'show the changes without applying them')
    .option('-y, --yes', 'do not ask for confirmation')
    .option('--note <text>', 'note for the history and the audit log')
    .action((file: string, flags: Flags) => conclude(exit, flags.json, () => apply(file, flags)));
}

async function apply(file: string, flags: Flags): Promise<number> {
  const workspace = readJson(file);
  // Exported files contain kept secrets, which are valid where strings are.
  const issues = workspaceShapeIssues(withText(workspace));
  if (issues.length > 0) {
    const text = issues.map(({ path, message }) => `${path}: ${message}`).join('\n');
    throw new CommandFailure(`${file} is not a workspace.\n${text}`, EXIT.problems, { issues });
  }
  const remote = connect(flags);
  const { body: before, version } = await remote.call('GET /api/workspace');
  const plan = planChanges(before, workspace);
  const done = (applied: boolean): number => {
    if (flags.json === true) printJson({ applied, changes: plan });
    return EXIT.ok;
  };
  if (flags.json !== true) print(plan.length === 0 ? 'Nothing changes.' : planText(plan), colourChanges);
  if (plan.length === 0 || flags.dryRun === true) return done(false);
  if (
    !(await askConfirmation(`Apply ${plan.length} ${plan.length === 1 ? 'change' : 'changes'}?`, flags.yes))
  ) {
    printError('Nothing was applied.');
    return EXIT.problems;
  }
  // Changes since the plan are not overwritten.
  await remote.put('/api/workspace', {
    body: workspace as ShownWorkspace,
    ifMatch: version ?? '*',
    query: flags.note === undefined ? {} : { note: flags.note },
  });
  if (flags.json !== true) print('Applied.');
  return done(true);
}

function withText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withText);
  if (typeof value !== 'object' || value === null) return value;
  if ((value as { $secret?: unknown }).$secret === true) return 'kept';
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withText(member)]));
}
