import type { FeedPage, RowKey, RowQuery, ShopFailure, ShopFeed } from '@waybill/core';
import { hintsIn, STREAMS } from '../hints.ts';
import { isRecord } from '../../read.ts';
import type { Context, Settings } from '../settings.ts';
import { mayReadMessages, tokenOf } from '../token.ts';
import { keyOf, pageOf } from './paging.ts';

/** The position in the messages. */
interface Position {
  /** The creation time of the newest read message. */
  readonly newest: string;
  /** The last one of the previous page, within a reading. */
  readonly after?: RowKey;
}

const LIMIT = 500;
/** The overlap in milliseconds that is read again, because messages become visible late. */
const OVERLAP = 300_000;
/** The tolerance for clocks when searching for the first message. */
const CLOCKS = 900_000;
/** What was read within the overlap, and the position it belongs to. */
const SEEN = 'messages';
const HOUR = 3_600_000;

interface Seen {
  readonly position: string;
  readonly times: ReadonlyMap<string, string>;
}

/**
 * The messages of the project, for missed pushes: deletions and unpublished products leave no row to poll. Read if the API
 * client may read them; the project keeps them for 15 days by default.
 */
export const messages: ShopFeed<Settings> = {
  title: 'Messages',
  description: 'Messages of the project, if the client may read them and the project stores them.',
  every: 60,
  async read(kept, context) {
    const token = await tokenOf(context);
    if ('failure' in token) return token;
    const position = positionOf(kept) ?? { newest: timeAt(context.now() - CLOCKS) };
    if (!mayReadMessages(token))
      return { hints: [], position: JSON.stringify(position), more: false, waitMs: HOUR };
    return pageAfter(position, kept, context);
  },
};

async function pageAfter(
  { newest, after }: Position,
  kept: string | undefined,
  context: Context,
): Promise<FeedPage | ShopFailure> {
  const begin = after === undefined ? { since: timeAt(Date.parse(newest) - OVERLAP) } : { after };
  const query: RowQuery = { by: 'created', ...begin, skip: 0, limit: LIMIT };
  const types = [...STREAMS.keys()].map((type) => ['var.types', type] as const);
  const about = [['where', 'resource(typeId in :types)'], ...types] as const;
  const page = await pageOf({ path: 'messages', query: about }, query, context);
  if ('failure' in page) return page;
  const last = context.memory.get(SEEN) as Seen | undefined;
  // After a restart, and when the position could not be stored, the whole overlap is processed again.
  const known = last?.position === kept ? last?.times : undefined;
  const keys = page.rows.map((row) => keyOf(row, 'created'));
  const more = page.rows.length >= LIMIT;
  const end = keys.at(-1);
  const next: Position = {
    newest: end !== undefined && end.at > newest ? end.at : newest,
    ...(more && end !== undefined ? { after: end } : {}),
  };
  const position = JSON.stringify(next);
  const from = timeAt(Date.parse(next.newest) - OVERLAP);
  const times = [...(known ?? []), ...keys.map(({ id, at }) => [id, at] as const)];
  context.memory.set(SEEN, {
    position,
    times: new Map(times.filter(([, at]) => at >= from)),
  } satisfies Seen);
  return {
    hints: page.rows.filter((_row, index) => known?.has(keys[index]!.id) !== true).flatMap(hintsIn),
    position,
    more,
  };
}

function positionOf(kept: string | undefined): Position | undefined {
  const value: unknown = kept === undefined ? undefined : JSON.parse(kept);
  return isRecord(value) && typeof value['newest'] === 'string' ? (value as unknown as Position) : undefined;
}

function timeAt(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
