import type { Audience, AudienceDryRun, KeptAudience } from '@waybill/api';
import type { Command } from 'commander';
import { conclude, EXIT, type Exit } from '../output/exit.ts';
import { print, printJson } from '../output/print.ts';
import { table } from '../output/table.ts';
import { visibleLine } from '../output/visible.ts';
import { connect, type RemoteFlags, remoteOptions } from '../remote/client.ts';

interface RunFlags extends RemoteFlags {
  readonly reset?: boolean;
}

/** `waybill audience`: audience sources and their runs. */
export function registerAudience(program: Command, exit: Exit): void {
  const audience = program
    .command('audience')
    .description('audience sources, and the IDs of audiences at destinations');
  registerIds(audience, exit);
  const one = (name: string, description: string): Command =>
    remoteOptions(audience.command(name).description(description).argument('<source>', 'id of the source'));
  one('show', 'show the last run, the progress, and a run that waits for confirmation').action(
    (source: string, flags: RemoteFlags) =>
      conclude(exit, flags.json, async () => {
        const told = await connect(flags).get('/api/sources/:id/audience', { params: { id: source } });
        return tell(told, flags, standingLines);
      }),
  );
  one('dry-run', 'compare now without any effect, and show what a run would do').action(
    (source: string, flags: RemoteFlags) =>
      conclude(exit, flags.json, async () => {
        const path = '/api/sources/:id/audience/dry-run';
        const told = await connect(flags).post(path, { params: { id: source } });
        return tell(told, flags, dryRunLines);
      }),
  );
  one('run', 'run it now')
    .option('--reset', 'start over: every row counts as added')
    .action((source: string, flags: RunFlags) =>
      conclude(exit, flags.json, async () => {
        const body = flags.reset === true ? { reset: true } : {};
        const told = await connect(flags).post('/api/sources/:id/audience/run', {
          params: { id: source },
          body,
        });
        return tell(told, flags, () => [
          `The run has started. See its progress: waybill audience show ${source}`,
        ]);
      }),
    );
  one('confirm', 'send the changes of a run that waits for confirmation')
    .argument('<run>', 'number of the run, as shown by `show`', Number)
    .action((source: string, run: number, flags: RemoteFlags) =>
      conclude(exit, flags.json, async () => {
        const params = { id: source };
        const told = await connect(flags).post('/api/sources/:id/audience/confirm', {
          params,
          body: { run },
        });
        return tell(told, flags, () => [`The changes of run ${run} are being sent.`]);
      }),
    );
}

/** The commands for stored IDs of audiences at destinations. */
function registerIds(audience: Command, exit: Exit): void {
  const one = (name: string, description: string): Command =>
    remoteOptions(
      audience.command(name).description(description).argument('<destination>', 'id of the destination'),
    );
  one('ids', 'audiences that were created at a destination, with their IDs').action(
    (destination: string, flags: RemoteFlags) =>
      conclude(exit, flags.json, async () => {
        const params = { id: destination };
        return tell(await connect(flags).get('/api/destinations/:id/audiences', { params }), flags, idLines);
      }),
  );
  one('set', 'set the ID of an audience that exists at the destination')
    .argument('<audience>', 'its ID in events: computation_id, or the key')
    .argument('<external-id>', 'its ID at the destination')
    .action((destination: string, audienceId: string, externalId: string, flags: RemoteFlags) =>
      conclude(exit, flags.json, async () => {
        const told = await connect(flags).post('/api/destinations/:id/audiences/set', {
          params: { id: destination },
          body: { id: audienceId, externalId },
        });
        return tell(told, flags, idLines);
      }),
    );
  one('forget', 'forget the ID of an audience: it is created again with its next event')
    .argument('<audience>', 'its ID in events, as `ids` lists it')
    .action((destination: string, audienceId: string, flags: RemoteFlags) =>
      conclude(exit, flags.json, async () => {
        const told = await connect(flags).post('/api/destinations/:id/audiences/forget', {
          params: { id: destination },
          body: { id: audienceId },
        });
        return tell(told, flags, idLines);
      }),
    );
}

function idLines(kept: readonly KeptAudience[]): readonly string[] {
  if (kept.length === 0) return ['No audiences have been created there yet.'];
  const rows = kept.map(({ id, key = '', externalId, isSet }) => [
    id,
    key,
    externalId,
    isSet === true ? 'set' : 'created',
  ]);
  return table(['audience', 'key', 'ID there', 'how'], rows).split('\n');
}

function tell<T>(told: T, { json }: RemoteFlags, lines: (told: T) => readonly string[]): number {
  if (json === true) printJson(told);
  else print(lines(told).map(visibleLine).join('\n'));
  return EXIT.ok;
}

type Counted = Pick<AudienceDryRun, 'counts' | 'rows' | 'before'>;

function countsOf({ counts: { added, changed, removed }, rows, before }: Counted): string {
  return `${before} rows before, ${rows} now: ${added} added, ${changed} changed, ${removed} removed`;
}

function dryRunLines(told: AudienceDryRun): readonly string[] {
  return [
    countsOf(told),
    ...samplesOf(told.samples),
    ...(told.held ? ['It would remove more rows than allowed, and wait for confirmation.'] : []),
  ];
}

function samplesOf(samples: AudienceDryRun['samples']): readonly string[] {
  return samples.map(({ kind, row }) => `  ${kind.padEnd(8)} ${JSON.stringify(row)}`);
}

function standingLines({ last, sending, held, failure }: Audience): readonly string[] {
  const lines = [
    ...(last === undefined ? [] : [`last run ${last.run}: ${countsOf(last)}`]),
    ...(sending === undefined
      ? []
      : [`run ${sending.run} is being sent: ${sending.sent} of ${sumOf(sending)} changes`]),
    ...(held === undefined
      ? []
      : [
          `run ${held.run} waits for confirmation: ${countsOf(held)}`,
          ...samplesOf(held.samples),
          `To send it anyway: waybill audience confirm <source> ${held.run}`,
        ]),
    ...(failure === undefined ? [] : [`${failure.message} (${failure.code})`, failure.remedy ?? '']),
  ];
  return lines.length === 0 ? ['It has not run yet.'] : lines;
}

function sumOf({ counts: { added, changed, removed } }: Counted): number {
  return added + changed + removed;
}
