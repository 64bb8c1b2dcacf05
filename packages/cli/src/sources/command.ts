import type { AnswerOf, Stream } from '@waybill/api';
import { errorEntry } from '@waybill/core';
import type { Command } from 'commander';
import { conclude, EXIT, type Exit } from '../output/exit.ts';
import { print, printJson } from '../output/print.ts';
import { table } from '../output/table.ts';
import { visibleLine } from '../output/visible.ts';
import { connect, type RemoteFlags, remoteOptions } from '../remote/client.ts';

type Tried = AnswerOf<'POST /api/sources/:id/test'>;
type Webhook = AnswerOf<'GET /api/sources/:id/webhook'>;
type Reason = NonNullable<Webhook['failure']>;
type Refusals = AnswerOf<'GET /api/refusals'>;

/** How long a refused request counts, in milliseconds: after that a fixed source is no longer reported. */
const LATELY = 3_600_000;

/** `waybill sources`: whether the sources of a running server can be read. */
export function registerSources(program: Command, exit: Exit): void {
  const sources = program.command('sources').description('sources of a running server');
  remoteOptions(
    sources
      .command('check')
      .description('test the settings of a source, and show the state of its streams and its webhook')
      .argument('<id>', 'id of the source'),
  ).action((id: string, flags: RemoteFlags) => conclude(exit, flags.json, () => check(id, flags)));
}

async function check(id: string, flags: RemoteFlags): Promise<number> {
  const remote = connect(flags);
  const params = { id };
  const result = await remote.post('/api/sources/:id/test', { params });
  const streams = await remote.get('/api/sources/:id/streams', { params });
  // Only shops report their webhook.
  const isShop = streams.some(({ mode }) => mode !== undefined);
  const webhook = isShop ? await remote.get('/api/sources/:id/webhook', { params }) : undefined;
  const known = await remote.get('/api/refusals', { query: { sourceId: id, limit: 100 } });
  const refused = known.filter(({ path, at }) => path === 'webhook' && Date.parse(at) > Date.now() - LATELY);
  if (flags.json === true)
    printJson({ result, streams, refused, ...(webhook === undefined ? {} : { webhook }) });
  else
    print(
      [
        ...resultLines(id, result),
        ...(webhook === undefined ? [] : webhookLines(webhook, result)),
        ...refusedLines(refused),
        ...(streams.length === 0 ? [] : ['', streamTable(streams), ...failureLines(streams, result)]),
      ].join('\n'),
    );
  const works =
    result.ok &&
    webhook?.failure === undefined &&
    refused.length === 0 &&
    streams.every((one) => one.failure === undefined);
  return works ? EXIT.ok : EXIT.problems;
}

function resultLines(id: string, result: Tried): readonly string[] {
  if (result.ok)
    return [visibleLine(`${id} works${result.message === undefined ? '.' : `: ${result.message}`}`)];
  const { code, path, message } = result.issue;
  const said = `${id} does not work: ${path === '' ? '' : `${path}: `}${message} (${code})`;
  return [visibleLine(said), ...remedyOf(code)];
}

function webhookLines({ address, message, failure }: Webhook, result: Tried): readonly string[] {
  const where = address === undefined ? 'webhook' : `webhook ${address}`;
  if (failure === undefined) return [visibleLine(`${where}: ${message ?? 'not checked yet'}`)];
  if (isSaid(failure, result)) return [visibleLine(`${where}: not checked, for the same reason`)];
  return [visibleLine(`${where}: ${failure.message} (${failure.code})`), ...remedyOf(failure.code)];
}

function remedyOf(code: string): readonly string[] {
  const remedy = errorEntry(code)?.remedy;
  return remedy === undefined ? [] : [`  ${remedy}`];
}

function streamTable(streams: readonly Stream[]): string {
  return table(
    ['stream', 'how', 'read', 'of', 'a second', 'left', 'waiting', 'set aside'],
    streams.map(
      ({ stream, mode, backfill, read, total, perSecond, secondsLeft, waiting, setAside, ended }) => [
        stream,
        mode ?? (backfill === undefined ? 'poll' : 'backfill'),
        String(read),
        textOf(total),
        textOf(perSecond),
        ended ? 'ended' : secondsLeft === undefined ? '' : `${secondsLeft} s`,
        textOf(waiting),
        textOf(setAside),
      ],
    ),
  );
}

/** Refused requests to the webhook, with the reason of the newest. */
function refusedLines(refused: Refusals): readonly string[] {
  const [newest] = refused;
  const [issue] = newest?.issues ?? [];
  if (newest === undefined || issue === undefined) return [];
  const many = refused.length === 1 ? '1 request' : `${refused.length} requests`;
  const said = `The webhook refused ${many} in the last hour, the last at ${newest.at}: ${issue.message} (${issue.code})`;
  return [visibleLine(said), ...remedyOf(issue.code)];
}

/** Whether the test of the settings has the same result; messages about permissions differ. */
function isSaid({ code, message }: Reason, result: Tried): boolean {
  if (result.ok) return false;
  const { issue } = result;
  return code === issue.code && (code !== 'source_forbidden' || message === issue.message);
}

/** The distinct failures. */
function failureLines(streams: readonly Stream[], result: Tried): readonly string[] {
  const lines = streams.flatMap(({ failure, waitsUntil }) => {
    const until = waitsUntil === undefined ? '' : `, until ${new Date(waitsUntil).toISOString()}`;
    if (failure === undefined) return until === '' ? [] : [`The shop is not called${until}.`];
    if (isSaid(failure, result)) return [];
    return [visibleLine(`${failure.message} (${failure.code})`), ...remedyOf(failure.code)];
  });
  return lines.length === 0 ? [] : ['', ...new Set(lines)];
}

function textOf(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}
