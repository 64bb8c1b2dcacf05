import { readFileSync } from 'node:fs';
import { importTrackingPlan } from '@waybill/core';
import type { Command } from 'commander';
import { CommandFailure, conclude, EXIT, type Exit } from '../output/exit.ts';
import { print, printError, printJson } from '../output/print.ts';
import { table } from '../output/table.ts';
import { visibleLine } from '../output/visible.ts';
import { connect, type RemoteFlags, remoteOptions } from '../remote/client.ts';

/** `waybill tracking-plan`: creates plans, and shows violations. */
export function registerTrackingPlan(program: Command, exit: Exit): void {
  const plan = program
    .command('tracking-plan')
    .description('tracking plans: the events that sources are expected to send');
  plan
    .command('import')
    .description('convert a plan exported from Segment Protocols')
    .argument(
      '<file>',
      'the response of the Public API for the rules of a plan, or of the older Config API for the plan',
    )
    .option('--json', 'print failures as JSON too')
    .action((file: string, flags: { readonly json?: boolean }) =>
      conclude(exit, flags.json, async () => importPlan(file, flags.json === true)),
    );
  remoteOptions(
    plan
      .command('infer')
      .description('print a plan that matches the events of a source in a running server')
      .argument('<source>', 'id of the source'),
  ).action((id: string, flags: RemoteFlags) =>
    conclude(exit, flags.json, async () => {
      printJson(await connect(flags).get('/api/sources/:id/inferred-plan', { params: { id } }));
      return EXIT.ok;
    }),
  );
  remoteOptions(
    plan
      .command('violations')
      .description("violations of a source's plan")
      .argument('<source>', 'id of the source'),
  ).action((id: string, flags: RemoteFlags) => conclude(exit, flags.json, () => violations(id, flags)));
}

function importPlan(file: string, asJson: boolean): number {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CommandFailure(`${file} cannot be read: ${(error as Error).message}`, EXIT.usage);
  }
  const imported = importTrackingPlan(value);
  if (!imported.ok && asJson)
    throw new CommandFailure(`${file} is not a readable plan.`, EXIT.problems, {
      issues: imported.issues,
    });
  if (!imported.ok) {
    for (const { path, message } of imported.issues) printError(visibleLine(`${path}: ${message}`));
    return EXIT.problems;
  }
  const { plan, left } = imported.value;
  for (const one of left) printError(visibleLine(`left out: ${one}`));
  printJson(plan);
  return EXIT.ok;
}

async function violations(id: string, flags: RemoteFlags): Promise<number> {
  const seen = await connect(flags).get('/api/sources/:id/violations', {
    params: { id },
    query: { limit: 200 },
  });
  if (flags.json === true) printJson(seen);
  else if (seen.length === 0) print('There were no violations since the server was started.');
  else
    print(
      table(
        ['count', 'rule', 'what', 'done', 'message'],
        seen.map(({ count, rule, keyword, done, message }) => [String(count), rule, keyword, done, message]),
      ),
    );
  return EXIT.ok;
}
