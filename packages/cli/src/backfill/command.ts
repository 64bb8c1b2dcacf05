import { setTimeout } from 'node:timers/promises';
import type { Client, Stream } from '@waybill/api';
import type { Command } from 'commander';
import { CommandFailure, conclude, EXIT, type Exit } from '../output/exit.ts';
import { print, printError, printJson } from '../output/print.ts';
import { showProgress } from '../output/progress.ts';
import { visibleLine } from '../output/visible.ts';
import { connect, type RemoteFlags, remoteOptions } from '../remote/client.ts';

interface Flags extends RemoteFlags {
  readonly streams?: string;
  readonly from?: string;
  readonly wait?: boolean;
}

const LOOK_AGAIN = 1_000;

/** `waybill backfill`: reads historical data of a source. */
export function registerBackfill(program: Command, exit: Exit): void {
  remoteOptions(
    program
      .command('backfill')
      .description('back-fill a source: read its existing data as historical events')
      .argument('<source>', 'id of the source'),
  )
    .option('--streams <names>', 'streams, separated by commas; all of them when absent')
    .option('--from <time>', 'only rows from this ISO 8601 time on')
    .option('--wait', 'wait for the end, and print the number of rows read')
    .action((source: string, flags: Flags) => conclude(exit, flags.json, () => backfill(source, flags)));
}

async function backfill(source: string, flags: Flags): Promise<number> {
  const from = timeOf(flags.from);
  const streams = flags.streams?.split(',').flatMap((name) => name.trim() || []);
  const remote = connect(flags);
  const params = { id: source };
  const before = new Set(
    (await remote.get('/api/sources/:id/streams', { params })).map((one) => one.backfill),
  );
  const body = { ...(streams === undefined ? {} : { streams }), ...(from === undefined ? {} : { from }) };
  const begun = await remote.post('/api/sources/:id/backfill', { params, body });
  const isOurs = ({ backfill: id }: Stream): boolean => id !== undefined && !before.has(id);
  const told = flags.wait === true ? await ended(remote, source, isOurs) : begun.filter(isOurs);
  if (flags.json === true) printJson(told);
  else if (flags.wait === true) print(told.map(resultLine).join('\n'));
  else
    print(
      `Back-filling ${told.map(({ stream }) => stream).join(', ')}. See the progress: waybill sources check ${source}`,
    );
  return told.every(isWhole) ? EXIT.ok : EXIT.problems;
}

/** Waits until all started back-fills have ended. */
async function ended(
  remote: Client,
  source: string,
  isOurs: (one: Stream) => boolean,
): Promise<readonly Stream[]> {
  const said = new Set<string>();
  for (;;) {
    const now = (await remote.get('/api/sources/:id/streams', { params: { id: source } })).filter(isOurs);
    const open = now.find((one) => !one.ended);
    if (open === undefined) return now;
    for (const { stream, failure } of now) {
      const text =
        failure === undefined
          ? ''
          : visibleLine(`${stream}: ${failure.message} (${failure.code}); it is tried again.`);
      if (text !== '' && !said.has(text)) printError(text);
      said.add(text);
    }
    const progress = showProgress(open.total ?? open.read, `rows of ${open.stream}`);
    progress.step(open.read);
    await setTimeout(LOOK_AGAIN);
    progress.stop();
  }
}

/** Whether the number of read rows matches the count of the shop. */
function isWhole({ ended: isOver, read, total }: Stream): boolean {
  return !isOver || total === undefined || read >= total;
}

function resultLine(one: Stream): string {
  const counted = one.total === undefined ? '' : `, ${one.total} counted by the shop`;
  return `${one.stream}: ${one.read} read${counted}${isWhole(one) ? '' : ': some were added, moved or hidden in the meantime; run it again'}`;
}

function timeOf(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (Number.isNaN(Date.parse(value)))
    throw new CommandFailure(`--from is "${value}"; it must be an ISO 8601 time.`, EXIT.usage);
  return new Date(value).toISOString();
}
