import type { ResolvedSource, ShopFailure } from '@waybill/core';
import type { Log } from '@waybill/delivery';
import { entryOf } from '../../intake/ready.ts';
import type { Limiter } from '../limiter.ts';
import { asked, type PageRead } from '../read-task.ts';
import type { Prepared, Preparing, RowsAway } from '../rows.ts';
import { type Channel, createChannel, type StartThread } from '../../channel.ts';
import type {
  MainSide,
  RemoteAnswer,
  RemoteJob,
  RemotePage,
  RemotePrepared,
  RemoteRows,
  RemoteSource,
  ThreadSide,
} from './protocol.ts';

/** The reader of a shop in another thread. */
export interface Away {
  /** Whether pages should be read there now. */
  isOn(): boolean;
  readPage(job: RemoteJob): Promise<PageRead<RowsAway> | ShopFailure>;
  close(): void;
}

/** The inputs of reading a shop in another thread. */
export interface AwayInput {
  readonly log: Pick<Log, 'carried'>;
  readonly limiter: Pick<Limiter, 'inTurn'>;
}

/** The thread that reads pages of shops, started on demand. */
export interface SourcesThread {
  /** Opens a reading of a source there; undefined for a source whose code is not available there. */
  open(source: ResolvedSource, input: AwayInput): Away | undefined;
  stop(): Promise<void>;
}

/** Maintenance work that another thread can do. */
export interface Upkeep {
  /** Delegates it to another thread, or takes it back. */
  leave(isLeft: boolean): void;
  /** Whether there is enough to do. */
  isDue(): boolean;
}

/** The inputs of the thread. */
export interface SourcesThreadInput {
  readonly start: StartThread;
  /** Whether the code of a source is available there. */
  readonly has: (source: ResolvedSource) => boolean;
  /** Whether a source has a tracking plan, which is checked in this thread before its rows are done. */
  readonly hasPlan: (sourceId: string) => boolean;
  /** Maintenance work for the thread while it runs. */
  readonly upkeep?: Upkeep | undefined;
  /** Runs a function after a delay; the result cancels it. */
  readonly after: (milliseconds: number, what: () => void) => () => void;
}

/** How long an idle thread is kept, in milliseconds. */
const KEPT = 30_000;

interface Begun {
  readonly channel: Channel;
  end(): Promise<void>;
}

/**
 * Creates the accepting thread's end of the sources thread, which is started with the first page, and stops after a while
 * without pages.
 */
export function createSourcesThread(input: SourcesThreadInput): SourcesThread {
  const readings = new Map<number, AwayInput>();
  let begun: Begun | undefined;
  let opened = 0;
  let busy = 0;
  let isKeptUp = false;
  let stopWaiting = (): void => undefined;

  const begin = (): Begun => {
    if (begun !== undefined) return begun;
    begun = beginThread(input, readings, (which) => {
      if (begun !== which) return;
      begun = undefined;
      input.upkeep?.leave(false);
    });
    input.upkeep?.leave(true);
    return begun;
  };
  const end = async (): Promise<void> => {
    stopWaiting();
    const last = begun;
    if (last === undefined) return;
    begun = undefined;
    input.upkeep?.leave(false);
    await last.end();
  };
  /** One at a time; what fails there is finally done here. */
  const keepUp = async ({ channel }: Begun): Promise<void> => {
    if (isKeptUp || input.upkeep?.isDue() !== true) return;
    isKeptUp = true;
    await channel.ask('upkeep').catch(() => undefined);
    isKeptUp = false;
  };
  const ask = async <T>(name: keyof ThreadSide, ...given: readonly unknown[]): Promise<T> => {
    stopWaiting();
    busy += 1;
    const thread = begin();
    void keepUp(thread);
    try {
      return await thread.channel.ask<T>(name, ...given);
    } finally {
      busy -= 1;
      if (busy === 0) stopWaiting = input.after(KEPT, () => void end());
    }
  };
  return {
    open(source, reader) {
      if (!input.has(source)) return undefined;
      const reading = (opened += 1);
      readings.set(reading, reader);
      const { id, settings } = source;
      const described: RemoteSource = { reading, id, slug: source.source!.slug, settings };
      const prepare = async (rows: RemoteRows, how: Preparing): Promise<Prepared> =>
        unpacked(await ask<RemotePrepared>('prepare', rows, how), id);
      return {
        isOn: () => !input.hasPlan(id),
        async readPage(job) {
          // It may have been prefetched, and is no longer needed.
          const read = await asked(() => ask<RemotePage | ShopFailure>('page', described, job));
          if ('failure' in read) return read;
          const { page, length, ...rest } = read;
          return { ...rest, rows: rowsAway({ reading, page, begin: 0, end: length }, prepare) };
        },
        close() {
          readings.delete(reading);
          begun?.channel.ask('close', reading).catch(() => undefined);
        },
      };
    },
    stop: end,
  };
}

/** Starts the thread and opens the channel to it. */
function beginThread(
  { start }: SourcesThreadInput,
  readings: ReadonlyMap<number, AwayInput>,
  onEnd: (which: Begun) => void,
): Begun {
  const readingOf = (reading: number): AwayInput => {
    const found = readings.get(reading);
    if (found === undefined) throw new Error('This source is no longer read.');
    return found;
  };
  const side: MainSide = {
    carried: async (reading, owner, keys) => readingOf(reading).log.carried(owner, keys),
    async turn(reading, call, isRepeatable) {
      const send = (): Promise<RemoteAnswer> => channel.ask('send', call);
      const answer = await readingOf(reading).limiter.inTurn(send, isRepeatable);
      return answer.kind === 'failure' ? answer : undefined;
    },
  };
  const thread = start({
    heard: (message) => channel.heard(message),
    ended(reason) {
      channel.end(reason);
      onEnd(one);
    },
  });
  const channel: Channel = createChannel(thread, { ...side });
  const one: Begun = {
    channel,
    async end() {
      channel.end(new Error('The sources thread was ended.'));
      await thread.end();
    },
  };
  return one;
}

function rowsAway(
  rows: RemoteRows,
  prepare: (rows: RemoteRows, how: Preparing) => Promise<Prepared>,
): RowsAway {
  return {
    length: rows.end - rows.begin,
    slice(begin, end) {
      const at = (place: number): number => Math.min(rows.end, rows.begin + place);
      return rowsAway({ ...rows, begin: at(begin), end: at(end) }, prepare);
    },
    prepare: (how) => prepare(rows, how),
  };
}

function unpacked(
  { messageIds, texts, keys, ends, values, ...rest }: RemotePrepared,
  sourceId: string,
): Prepared {
  return {
    ...rest,
    entries: texts.map((text, at) => entryOf(sourceId, messageIds[at]!, text)),
    state: keys.map((key, at) => ({ key, value: values.subarray(ends[at - 1] ?? 0, ends[at]!) })),
  };
}
