import type { ResolvedSource, Rejected, Retry, ShopFeed, ShopStream, SourceContext } from '@waybill/core';
import type { Lease } from '@waybill/delivery';
import type { Agenda } from './agenda.ts';
import type { Keeping } from './keeping.ts';
import { asked } from './read-task.ts';
import type { Failed, Standings } from './standing.ts';
import type { Task } from './tasks.ts';
import { soundHints } from './webhook.ts';

/** Reads lists of changes. */
export interface Feeds {
  /** Continues to read one, and stores the position when its hints are durable. */
  readOn(lease: Lease<string>, task: Task): Promise<void>;
}

/** The inputs of reading feeds. */
export interface FeedsInput {
  readonly streams: Readonly<Record<string, ShopStream>>;
  readonly feeds: Readonly<Record<string, ShopFeed>>;
  readonly agenda: Agenda;
  readonly keeping: Keeping;
  readonly standings: Standings;
  readonly context: () => SourceContext;
  readonly now: () => number;
  readonly onFailure: (what: string, failure: Failed) => void;
}

const LONGEST_POSITION = 4_000;

/** Returns the feeds of a source with its settings. */
export function feedsOf({ source, settings }: ResolvedSource): Readonly<Record<string, ShopFeed>> {
  const all = Object.entries(source!.shop!.feeds ?? {});
  return Object.fromEntries(all.filter(([, { isOn }]) => isOn?.(settings) !== false));
}

/**
 * Creates the reader of feeds. Failures of a feed do not stop the rest of the shop: it may be another server, with other
 * permissions.
 */
export function createFeeds(input: FeedsInput): Feeds {
  const { feeds, streams, agenda, keeping, standings, context, now } = input;
  const failed = ({ name, stream }: Task, failure: Rejected | Retry): void => {
    standings.of(name).failed(failure, now());
    input.onFailure(stream, failure);
  };
  return {
    async readOn(lease, task) {
      const state = agenda.stateOf(task);
      const feed = feeds[task.stream]!;
      agenda.begun(task);
      const page = await asked(async () => {
        const read = await feed.read(state.position, context());
        if ('failure' in read) return read;
        if (typeof read.position !== 'string' || read.position.length > LONGEST_POSITION)
          throw new Error(`A position is a string of at most ${LONGEST_POSITION} characters.`);
        return { ...read, hints: soundHints(read.hints, streams) };
      });
      if ('failure' in page) return failed(task, page.failure);
      const { hints, position, more, waitMs = 0 } = page;
      if (hints.length > 0 && (await keeping.hints.take(hints, now())) === 'full') {
        const message = 'Too many changes of this shop are waiting to be read.';
        return failed(task, { status: 'retry', code: 'server_overloaded', message });
      }
      const dueAt = more ? now() : now() + Math.max(feed.every * 1_000, waitMs);
      const next = { ...state, position, dueAt, read: state.read + hints.length };
      await keeping.write(lease, {
        rows: [],
        cursor: agenda.cursorWith(task, next, keeping.cursor.newest),
        idle: hints.length === 0 && position === state.position,
        historical: false,
        path: task.stream,
      });
      standings.of(task.name).worked();
    },
  };
}
