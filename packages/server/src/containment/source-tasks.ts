import type {
  FeedPage,
  HintAnswer,
  RowPage,
  ShopFailure,
  ShopFeed,
  ShopStream,
  Source,
  SourceContext,
} from '@waybill/core';
import { wholePage } from '@waybill/ingest';
import { messageOf } from './failure.ts';
import type { Said, SourceTask, ToldRow } from './source-protocol.ts';

/** The maximum length of the result of a function, as JSON. */
const LONGEST = 32 * 1024 * 1024;

/** Runs one function of a source; the result is JSON, and bounded. */
export async function performSource(
  task: SourceTask,
  source: Source,
  context: SourceContext,
): Promise<unknown> {
  const text = JSON.stringify(await answerOf(task, source, context)) as string | undefined;
  if (text === undefined) return undefined;
  if (text.length > LONGEST) throw new Error('The answer of the source is larger than 32 MB.');
  return JSON.parse(text) as unknown;
}

async function answerOf(
  { call, stream: name = '', input }: SourceTask,
  source: Source,
  context: SourceContext,
): Promise<unknown> {
  const { shop, streams } = source;
  switch (call) {
    case 'read':
      return of(streams, name).read(input as never, context);
    case 'webhook':
      return source.webhook!(input as never, context);
    case 'testConnection':
      return source.testConnection!(context);
    case 'hints':
      return withoutRows(await shop!.hints!(input as never, context));
    case 'subscribe':
      return shop!.subscribe!(input as string, context);
    case 'writeConsent':
      return shop!.writeConsent!(input as never, context);
    case 'left':
      return shop!.limits.left!(input as never);
    case 'count':
      return of(shop!.streams, name).count!(input as never, context);
    case 'feed':
      return toldFeed(of(shop!.feeds ?? {}, name), input as string | undefined, context);
    case 'page': {
      const stream = of(shop!.streams, name);
      return toldPage(await wholePage(stream, input as never, context), stream, context);
    }
    case 'get': {
      const stream = of(shop!.streams, name);
      const got = await stream.get!(input as string, context);
      return got === 'gone' || 'failure' in got ? got : { row: toldRow(got.row, stream, context) };
    }
  }
}

function of<T>(streams: Readonly<Record<string, T>>, name: string): T {
  const found = Object.hasOwn(streams, name) ? streams[name] : undefined;
  if (found === undefined) throw new Error(`The module has no stream "${name}" any more.`);
  return found;
}

/** Rows are fetched with their results: one in a request would have none. */
function withoutRows<T extends HintAnswer | FeedPage>(answer: T): T {
  if (!('hints' in answer)) return answer;
  return { ...answer, hints: answer.hints.map(({ stream, id }) => ({ stream, id })) };
}

/** A feed that is missing with these settings is checked once an hour. */
async function toldFeed(
  { isOn, read }: ShopFeed,
  position: string | undefined,
  context: SourceContext,
): Promise<FeedPage | ShopFailure> {
  if (isOn?.(context.settings) === false)
    return { hints: [], position: position ?? '', more: false, waitMs: 3_600_000 };
  const page = await read(position, context);
  return 'failure' in page ? page : withoutRows(page);
}

function toldPage(page: RowPage | ShopFailure, stream: ShopStream, context: SourceContext): unknown {
  if ('failure' in page) return page;
  return { ...page, rows: page.rows.map((row) => toldRow(row, stream, context)) };
}

function toldRow(row: unknown, stream: ShopStream, { settings }: SourceContext): ToldRow {
  return {
    row,
    changed: said(() => stream.keyOf(row, 'changed')),
    created: said(() => stream.keyOf(row, 'created')),
    states: said(() => stream.states(row, { settings })),
    ...(stream.unreadable === undefined
      ? {}
      : { unreadable: said(() => stream.unreadable!(row, { settings })) }),
  };
}

function said(make: () => unknown): Said {
  try {
    return { value: make() };
  } catch (error) {
    return { threw: messageOf(error) };
  }
}
