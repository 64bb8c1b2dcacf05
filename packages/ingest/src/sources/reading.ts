import type {
  Rejected,
  ResolvedSource,
  Retry,
  SourceContext,
  SourceValues,
  StreamPage,
  StreamPlace,
} from '@waybill/core';
import type { Lease, Log } from '@waybill/delivery';
import type { Intake } from '../intake/intake.ts';
import { createLoop, type Loop, type Held } from '../loop.ts';
import { createOwner } from '../owner.ts';
import type { Room } from '../pace.ts';
import { createSharedFailure, type Failure } from './shared-failure.ts';
import { backfillOwner, ownValues, pollOwner } from './stream-owner.ts';

/** The progress of a reading of a stream, stored with the events. */
export interface Progress {
  /** Where to continue. */
  readonly place: StreamPlace;
  /** The number of read events, including duplicates. */
  readonly read: number;
  /** Whether a back-fill is complete. */
  readonly ended: boolean;
}

/** The status of a reading. */
export interface ReadingStatus extends Progress {
  /** Why the last attempt failed; absent after a success. */
  readonly failure?: Failure;
}

/** The inputs of reading a stream. */
export interface ReadingInput {
  readonly log: Pick<Log, 'append' | 'carried' | 'owners'>;
  /** Where processes share the reason why a stream cannot be read; absent if there is only one process. */
  readonly shared?: Pick<Log, 'get' | 'set'>;
  readonly intake: Pick<Intake, 'carry'>;
  /** Makes the calls of a source. */
  readonly context: (source: ResolvedSource) => SourceContext;
  readonly holder: string;
  readonly now: () => number;
  /** Whether the intake is paused, because of the disk or the backlog. */
  readonly closed?: () => boolean;
  /** Called with a failed attempt, which is retried. */
  readonly onFailure: (stream: string, failure: { readonly code: string; readonly message: string }) => void;
}

/** The stream to read, and how. */
export interface ReadingJob {
  readonly source: ResolvedSource;
  readonly stream: string;
  /** A back-fill: everything from a time on, when there is room. Absent: recurring polls. */
  readonly history?: {
    /** Identifies this back-fill of the stream. */
    readonly id: string;
    /** ISO 8601; everything when absent. */
    readonly from?: string;
    /** Returns how many events may be added now: live events take precedence. */
    readonly room: () => Promise<Room>;
  };
}

type ReadPage = Exclude<StreamPage, { readonly failure: unknown }>;

/** A running reading. */
export interface Reading extends Loop {
  status(): ReadingStatus;
}

const TAKE_AGAIN = 1_000;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 300_000;
/** The delay while the intake is paused. */
const LOOK_AGAIN = 1_000;
const FAR = 60_000;
/** The maximum number of events of a page. */
const MOST_EVENTS = 10_000;

/** The owner of the data of a reading. */
function ownerOf({ source, stream, history }: Pick<ReadingJob, 'source' | 'stream' | 'history'>): string {
  return history === undefined ? pollOwner(source.id, stream) : backfillOwner(source.id, stream, history.id);
}

/** What was kept is empty when it was erased. */
function readProgress(cursor: string | undefined): Progress | undefined {
  return cursor === undefined || cursor === '' ? undefined : (JSON.parse(cursor) as Progress);
}

/** What a source receives whose reader may write values. */
function writing(context: SourceContext, values: () => SourceValues): SourceContext {
  const { place } = context;
  return place?.values === undefined ? context : { ...context, place: { ...place, values: values() } };
}

/**
 * Reads a stream page by page. The end of a page and the next position are written in one transaction: an interrupted page is
 * read again, and the log drops duplicates by ID.
 */
export function readStream(job: ReadingJob, input: ReadingInput): Reading {
  const { source, stream, history } = job;
  const { log, intake, now } = input;
  const { every = 1, read } = source.source!.streams[stream]!;
  const first = history === undefined ? new Date(now()).toISOString() : history.from;
  let progress: Progress = {
    place: first === undefined ? {} : { from: first },
    read: 0,
    ended: false,
  };
  let failure: ReadingStatus['failure'];
  let failures = 0;
  let isReader = false;
  const shared = input.shared === undefined ? undefined : createSharedFailure(ownerOf(job), input.shared);
  /** A page of a back-fill that is written in parts, with its progress. */
  let begun: { readonly page: ReadPage; readonly at: number } | undefined;
  const owner = createOwner({
    name: ownerOf(job),
    holder: input.holder,
    log,
    now,
    async onTaken(lease) {
      const kept = readProgress((await log.carried(lease.key, [])).cursor);
      // The start time is that of the first start.
      if (kept === undefined) await write(lease, [], progress);
      else progress = kept;
    },
  });
  const write = async (lease: Lease<string>, events: readonly unknown[], next: Progress): Promise<void> => {
    const origin = { source, path: stream, historical: history !== undefined };
    const taken = await intake.carry(events, origin, { lease, cursor: JSON.stringify(next) });
    if (taken === 'stale') lost();
    else progress = next;
  };
  const lost = (): void => {
    owner.lost();
    begun = undefined;
  };
  const failed = ({ code, message, ...rest }: Rejected | Retry): number => {
    failure = { code, message, at: now() };
    input.onFailure(`${source.id} ${stream}`, failure);
    const asked = 'afterMs' in rest ? rest.afterMs : undefined;
    return asked ?? Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(failures++, 20));
  };

  const contextOf = (lease: Lease<string>): SourceContext =>
    writing(input.context(source), () => ownValues(lease, log, lost));

  const step = async (): Promise<number | Held> => {
    const lease = await owner.lease();
    isReader = lease !== undefined;
    if (lease === undefined) {
      failure = await shared?.read();
      // The progress of another holder.
      progress = readProgress((await log.carried(ownerOf(job), [])).cursor) ?? progress;
      return TAKE_AGAIN;
    }
    if (progress.ended) return FAR;
    if (input.closed?.() === true) return LOOK_AGAIN;
    const room = await history?.room();
    if (room !== undefined && room.waitMs > 0) return { heldMs: room.waitMs };
    const page = begun?.page ?? (await pageOf(read, progress.place, contextOf(lease)));
    // What was begun under a lease that is lost is not a failure of the source.
    if ('failure' in page) {
      isReader = (await owner.lease()) !== undefined;
      return isReader ? failed(page.failure) : TAKE_AGAIN;
    }
    const { events, cursor, more } = page;
    const { at } = begun ?? { at: 0 };
    const end = at + (room?.events ?? Infinity);
    if (end < events.length) {
      begun = { page, at: end };
      await write(lease, events.slice(at, end), progress);
      return 0;
    }
    begun = undefined;
    const moved = JSON.stringify(cursor) !== JSON.stringify(progress.place.cursor);
    const ended = history !== undefined && !more;
    // An empty poll does not need a commit.
    if (events.length > 0 || moved || ended)
      await write(lease, events.slice(at), { place: { cursor }, read: progress.read + events.length, ended });
    failure = undefined;
    failures = 0;
    // A source that says "more" without progress would loop forever.
    return more && moved ? 0 : every * 1_000;
  };
  const onError = (error: unknown): number => {
    lost();
    const message = error instanceof Error ? error.message : String(error);
    return failed({ status: 'retry', code: 'source_failed', message });
  };
  const work = async (): Promise<number | Held> => {
    const wait = await step().catch(onError);
    // If the store cannot be reached, the next step reports it.
    if (isReader) await shared?.tell(failure).catch(() => undefined);
    return wait;
  };
  const loop = createLoop({ work, onError });
  return {
    ...loop,
    status: () => ({ ...progress, ...(failure === undefined ? {} : { failure }) }),
    async stop() {
      await loop.stop();
      await owner.release();
    },
  };
}

async function pageOf(
  read: (place: StreamPlace, context: SourceContext) => Promise<StreamPage>,
  place: StreamPlace,
  context: SourceContext,
): Promise<StreamPage> {
  const page = await read(place, context);
  if ('failure' in page) return page;
  if (!Array.isArray(page.events) || page.events.length > MOST_EVENTS || page.cursor === undefined)
    throw new Error(`A page is a list of at most ${MOST_EVENTS} events and a cursor.`);
  return page;
}
