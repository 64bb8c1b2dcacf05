import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { ApiError, type Client, type ReconciliationAnswer } from '@waybill/api';
import type { Command } from 'commander';
import { CommandFailure, conclude, EXIT, type Exit } from '../output/exit.ts';
import { print, printJson } from '../output/print.ts';
import { showProgress } from '../output/progress.ts';
import { table } from '../output/table.ts';
import { visibleLine } from '../output/visible.ts';
import { connect, type RemoteFlags, remoteOptions } from '../remote/client.ts';

interface Flags extends RemoteFlags {
  readonly from: string;
  readonly to: string;
  readonly destination?: string;
  readonly timeZone?: string;
  readonly ga4?: string;
}

type Result = NonNullable<ReconciliationAnswer['result']>;
type Difference = Result['differences'][number];

/** The additional exit code of this command: the comparison did not finish. */
const NOT_COMPARED = 2;
const LOOK_AGAIN = 500;
/** The number of printed differences; all are in the JSON. */
const SHOWN = 100;

/** `waybill reconcile`: compares the orders of a shop with the log and with a destination. */
export function registerReconcile(program: Command, exit: Exit): void {
  remoteOptions(
    program
      .command('reconcile')
      .description('compare the orders of a shop with the log, and with a destination')
      .argument('<source>', 'id of the source'),
  )
    .requiredOption('--from <time>', 'orders placed from this ISO 8601 time on')
    .requiredOption('--to <time>', 'and up to this one; for a date, its end')
    .option(
      '--destination <id>',
      'the destination to read back; the only one that records orders when absent',
    )
    .option('--time-zone <name>', 'time zone of days, as an IANA name; UTC when absent')
    .option('--ga4 <file>', 'an export of Google Analytics 4 as CSV, for one more column')
    .action((source: string, flags: Flags) => conclude(exit, flags.json, () => run(source, flags)));
}

async function run(source: string, flags: Flags): Promise<number> {
  const remote = connect(flags);
  try {
    return await compare(remote, source, flags);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code.startsWith('server_') || error.status === 401) throw error;
    throw new CommandFailure(`${error.message} (${error.code})`, NOT_COMPARED, { code: error.code });
  }
}

async function compare(remote: Client, source: string, flags: Flags): Promise<number> {
  const { destination, timeZone, ga4: file } = flags;
  const body = {
    from: timeOf('--from', flags.from),
    to: timeOf('--to', flags.to),
    ...(destination === undefined ? {} : { destination }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(file === undefined ? {} : { ga4: await textOf(file) }),
  };
  const begun = await remote.post('/api/sources/:id/reconcile', { params: { id: source }, body });
  const told = await ended(remote, begun);
  if (flags.json === true) printJson(told);
  const { result, failure } = told;
  if (result === undefined) {
    const { code = 'server_error', message = 'The comparison did not finish.' } = failure ?? {};
    if (flags.json === true) return NOT_COMPARED;
    throw new CommandFailure(visibleLine(`Not compared: ${message} (${code})`), NOT_COMPARED, { code });
  }
  if (flags.json !== true) print([...dayLines(told, result), ...differenceLines(result)].join('\n'));
  return result.differing === 0 ? EXIT.ok : EXIT.problems;
}

async function ended(remote: Client, begun: ReconciliationAnswer): Promise<ReconciliationAnswer> {
  const { source, startedAt } = begun;
  let told = begun;
  while (told.state === 'running') {
    const progress = showProgress((told.read ?? 0) + 1, `rows of the ${told.doing ?? 'shop'}`);
    progress.step(told.read ?? 0);
    await setTimeout(LOOK_AGAIN);
    progress.stop();
    told = await remote.get('/api/sources/:id/reconcile', { params: { id: source } });
    if (told.startedAt !== startedAt)
      throw new CommandFailure(
        'Another comparison was started in the meantime and replaced its result.',
        NOT_COMPARED,
      );
  }
  return told;
}

function dayLines(
  { destination = 'destination' }: ReconciliationAnswer,
  { columns, days }: Result,
): readonly string[] {
  const names = columns.map((column) => (column === 'destination' ? destination : column));
  const head = [
    'day',
    'currency',
    'store',
    ...names.flatMap((name) => [name, `${name} revenue`, `${name} refunded`]),
  ];
  const rows = days.map(({ day, currency, store = '', sums }) => [
    day,
    currency,
    store,
    ...columns.flatMap((column) => {
      const { orders = 0, revenue = 0, refunded = 0 } = sums[column] ?? {};
      return [String(orders), String(revenue), String(refunded)];
    }),
  ]);
  return rows.length === 0 ? ['No orders.'] : [table(head, rows)];
}

function differenceLines({ orders, differences, differing }: Result): readonly string[] {
  if (differing === 0) return ['', `${orders} orders of the shop: the same everywhere.`];
  const shown = differences.slice(0, SHOWN).flatMap(orderLines);
  const rest = differing - Math.min(SHOWN, differences.length);
  return [
    '',
    `${orders} orders of the shop; ${differing} differ:`,
    ...shown,
    ...(rest === 0 ? [] : [`and ${rest} more: see --json`]),
  ];
}

function orderLines({ order, number, day = '', faults, events }: Difference): readonly string[] {
  const name = number === undefined || number === order ? order : `${order} (${number})`;
  const what = faults.map(({ column, kind, expected, found }) => {
    const values = [
      expected === undefined ? '' : `expected ${expected}`,
      found === undefined ? '' : `found ${found}`,
    ];
    const told = values.filter((one) => one !== '').join(', ');
    return `${column}: ${kind}${told === '' ? '' : ` (${told})`}`;
  });
  return [
    visibleLine(`- ${name} ${day} ${what.join('; ')}`),
    ...events.map(({ event, messageId, outcomes }) =>
      visibleLine(
        `    ${event} ${messageId}: ${outcomes.map(outcomeText).join(', ') || 'no mapping matched'}`,
      ),
    ),
  ];
}

function outcomeText({
  destination,
  status,
  code,
  deadLetterId,
}: Difference['events'][number]['outcomes'][number]): string {
  const why = code === undefined ? '' : ` (${code})`;
  const letter = deadLetterId === undefined ? '' : `, dead letter ${deadLetterId}`;
  return `${destination} ${status}${why}${letter}`;
}

/** Parses a time; a date means its start for `--from`, and its end for `--to`. */
function timeOf(name: '--from' | '--to', value: string): string {
  const isDate = /^\d{4}-\d\d-\d\d$/.test(value);
  const at = Date.parse(isDate && name === '--to' ? `${value}T23:59:59.999Z` : value);
  if (Number.isNaN(at))
    throw new CommandFailure(`${name} is "${value}"; it must be an ISO 8601 time.`, NOT_COMPARED);
  return new Date(at).toISOString();
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandFailure(`--ga4: ${(error as Error).message}`, NOT_COMPARED);
  }
}
