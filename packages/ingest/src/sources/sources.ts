import type { ResolvedSource } from '@waybill/core';
import type { Log } from '@waybill/delivery';
import { createEnding } from '../loop.ts';
import { type Reading, type ReadingInput, type ReadingStatus, readStream } from './reading.ts';

/** A back-fill that was asked for. */
export interface Backfill {
  readonly id: string;
  readonly source: string;
  readonly stream: string;
  /** ISO 8601; everything when absent. */
  readonly from?: string;
}

/** How a poll or a back-fill stands. */
export interface StreamStatus extends ReadingStatus {
  readonly source: string;
  readonly stream: string;
  /** Absent for a poll. */
  readonly backfill?: string;
}

/** The sources of a server that are read. */
export interface Sources {
  /** Reads these from now on; those that are as they were go on undisturbed. */
  configure(sources: readonly ResolvedSource[]): Promise<void>;
  /** Begins back-fills; they go on after a restart. An unknown source or stream is the caller's matter. */
  backfill(asked: readonly Backfill[]): Promise<void>;
  status(): readonly StreamStatus[];
  /** Resolves when everything that can be read now has been. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** What sources need of the server. */
export interface SourcesInput extends Omit<ReadingInput, 'log'> {
  readonly log: ReadingInput['log'] & Pick<Log, 'get' | 'set'>;
  /** Milliseconds until a page of a back-fill may be read. */
  readonly room: () => Promise<number>;
}

interface Running {
  readonly as: string;
  readonly source: string;
  readonly stream: string;
  readonly backfill?: string;
  readonly reading: Reading;
}

/** Where the back-fills are kept that were asked for. */
const BACKFILLS = 'backfills';
/** Back-fills that are kept; the oldest go. */
const MOST_BACKFILLS = 100;

/** Reads sources: polls of their streams, and back-fills. */
export function createSources(input: SourcesInput): Sources {
  let running = new Map<string, Running>();
  let sources: readonly ResolvedSource[] = [];
  let backfills: readonly Backfill[] | undefined;
  const ending = createEnding();

  const kept = async (): Promise<readonly Backfill[]> => {
    backfills ??= JSON.parse((await input.log.get(BACKFILLS)) ?? '[]') as readonly Backfill[];
    return backfills;
  };
  /** What is to be read: by name, with how to begin. */
  const wanted = async (): Promise<ReadonlyMap<string, Omit<Running, 'reading'> & { begin(): Reading }>> => {
    const enabled = sources.filter((one) => one.enabled && one.source !== undefined);
    const all = new Map<string, Omit<Running, 'reading'> & { begin(): Reading }>();
    for (const source of enabled) {
      for (const [stream, { every }] of Object.entries(source.source!.streams)) {
        if (every === undefined) continue;
        const job = { source, stream };
        all.set(JSON.stringify([source.id, stream]), {
          as: contentOf(source),
          source: source.id,
          stream,
          begin: () => readStream(job, input),
        });
      }
    }
    for (const { id, source: of, stream, from } of await kept()) {
      const source = enabled.find((one) => one.id === of);
      if (source?.source?.streams[stream] === undefined) continue;
      const history = { id, room: input.room, ...(from === undefined ? {} : { from }) };
      all.set(JSON.stringify([of, stream, id]), {
        as: contentOf(source),
        source: of,
        stream,
        backfill: id,
        begin: () => readStream({ source, stream, history }, input),
      });
    }
    return all;
  };
  const apply = async (): Promise<void> => {
    const next = await wanted();
    const stay = new Map<string, Running>();
    for (const [name, one] of running) {
      if (next.get(name)?.as === one.as) stay.set(name, one);
      else ending.end(one.reading);
    }
    running = stay;
    for (const [name, { begin, ...one }] of next) {
      if (!running.has(name)) running.set(name, { ...one, reading: begin() });
    }
  };
  // One change after the other.
  let last: Promise<void> = Promise.resolve();
  const change = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    configure: (next) =>
      change(() => {
        sources = next;
        return apply();
      }),
    backfill: (asked) =>
      change(async () => {
        backfills = [...(await kept()), ...asked].slice(-MOST_BACKFILLS);
        await input.log.set(BACKFILLS, JSON.stringify(backfills));
        return apply();
      }),
    status: () =>
      [...running.values()].map(({ source, stream, backfill, reading }) => ({
        source,
        stream,
        ...(backfill === undefined ? {} : { backfill }),
        ...reading.status(),
      })),
    async idle() {
      await last;
      await Promise.all([...running.values()].map(({ reading }) => reading.idle()));
    },
    async stop() {
      await last;
      for (const { reading } of running.values()) ending.end(reading);
      await ending.ended();
    },
  };
}

/** What a reading depends on: as long as it is the same, an edit of the workspace does not concern it. */
function contentOf({ source, settings }: ResolvedSource): string {
  return JSON.stringify([source?.slug, settings]);
}
