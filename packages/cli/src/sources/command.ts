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

/** `waybill sources`: whether the sources of a running server can be read. */
export function registerSources(program: Command, exit: Exit): void {
  const sources = program.command('sources').description('sources of a running server');
  remoteOptions(
    sources
      .command('check')
      .description('try the settings of a source, and show how its streams and its webhook stand')
      .argument('<id>', 'id of the source'),
  ).action((id: string, flags: RemoteFlags) => conclude(exit, flags.json, () => check(id, flags)));
}

async function check(id: string, flags: RemoteFlags): Promise<number> {
  const remote = connect(flags);
  const params = { id };
  const result = await remote.post('/api/sources/:id/test', { params });
  const streams = await remote.get('/api/sources/:id/streams', { params });
  // Only shops tell of their webhook.
  const isShop = streams.some(({ mode }) => mode !== undefined);
  const webhook = isShop ? await remote.get('/api/sources/:id/webhook', { params }) : undefined;
  if (flags.json === true) printJson({ result, streams, ...(webhook === undefined ? {} : { webhook }) });
  else
    print(
      [
        ...resultLines(id, result),
        ...(webhook === undefined ? [] : webhookLines(webhook)),
        ...(streams.length === 0 ? [] : ['', streamTable(streams), ...failureLines(streams)]),
      ].join('\n'),
    );
  const works =
    result.ok && webhook?.failure === undefined && streams.every((one) => one.failure === undefined);
  return works ? EXIT.ok : EXIT.problems;
}

function resultLines(id: string, result: Tried): readonly string[] {
  if (result.ok)
    return [visibleLine(`${id} works${result.message === undefined ? '.' : `: ${result.message}`}`)];
  const { code, path, message } = result.issue;
  const said = `${id} does not work: ${path === '' ? '' : `${path}: `}${message} (${code})`;
  return [visibleLine(said), ...remedyOf(code)];
}

function webhookLines({ address, message, failure }: Webhook): readonly string[] {
  const where = address === undefined ? 'webhook' : `webhook ${address}`;
  if (failure === undefined) return [visibleLine(`${where}: ${message ?? 'not seen to yet'}`)];
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

/** What stands in the way, each said once. */
function failureLines(streams: readonly Stream[]): readonly string[] {
  const lines = streams.flatMap(({ failure, waitsUntil }) => {
    const until = waitsUntil === undefined ? '' : `, until ${new Date(waitsUntil).toISOString()}`;
    if (failure === undefined) return until === '' ? [] : [`The shop is not asked for anything${until}.`];
    return [visibleLine(`${failure.message} (${failure.code})`), ...remedyOf(failure.code)];
  });
  return lines.length === 0 ? [] : ['', ...new Set(lines)];
}

function textOf(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}
