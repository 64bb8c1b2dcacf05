import type {
  HttpFailure,
  HttpResponse,
  Request,
  ResolvedSource,
  Source,
  SourceContext,
  SourceEvent,
} from '@waybill/core';
import type { Log, LogEntry } from '@waybill/delivery';
import { writtenEvent } from '../../intake/ready.ts';
import type { Changes, References } from '../compare.ts';
import { isRepeatable } from '../limiter.ts';
import { breathe, EventRefused, isLong, madeOf, prepare } from '../prepare.ts';
import { createLookahead } from '../lookahead.ts';
import { type PagesAhead, readPage } from '../read-task.ts';
import type { Prepared, ReadRow } from '../rows.ts';
import { type Channel, createChannel, type Port } from '../../channel.ts';
import type { MainSide, RemotePrepared, RemoteSource, ThreadSide } from './protocol.ts';

/** The inputs of the sources thread. */
export interface HostInput {
  readonly sources: readonly Source[];
  /** Makes the calls of a source. */
  readonly requestOf: (source: ResolvedSource) => Request;
  /** Derives events from a change; the standard commerce events when absent. */
  readonly changes?: Changes;
  readonly references?: References;
  /** Runs maintenance work for the accepting thread. */
  readonly upkeep?: (() => Promise<void>) | undefined;
  readonly now: () => number;
  readonly newMessageId: () => string;
}

/** A reading of a source, with its current pages. */
interface Reading {
  readonly source: ResolvedSource;
  readonly memory: Map<string, unknown>;
  readonly pages: Map<number, readonly ReadRow[]>;
  /** The prefetched page, and the number of resets before it. */
  ahead?: { readonly forgotten: number; readonly pages: PagesAhead };
}

/** A call that waits for its turn, with its answer. */
interface Call {
  readonly send: () => ReturnType<Request>;
  answer?: HttpResponse | HttpFailure;
}

/** The maximum number of pages of a reading: one is written while the next is read, and one may be restarted. */
const MOST_PAGES = 4;

/** Creates the sources thread's end: it reads pages of shops and processes their rows for the accepting thread. */
export function createSourcesHost(port: Port, input: HostInput): Pick<Channel, 'heard'> {
  const readings = new Map<number, Reading>();
  const calls = new Map<number, Call>();
  let made = 0;
  const main: MainSide = {
    carried: (...given) => channel.ask('carried', ...given),
    turn: (...given) => channel.ask('turn', ...given),
  };

  const readingOf = ({ reading, id, slug, settings }: RemoteSource): Reading => {
    let found = readings.get(reading);
    if (found === undefined) {
      const source = input.sources.find((one) => one.slug === slug)!;
      const resolved = { id, name: id, enabled: true, source, settings };
      found = { source: resolved, memory: new Map(), pages: new Map() };
      readings.set(reading, found);
    }
    return found;
  };
  const contextOf = (reading: number, { source, memory }: Reading): SourceContext => {
    const request = input.requestOf(source);
    return {
      settings: source.settings,
      now: input.now,
      memory,
      async request(what) {
        const number = (made += 1);
        const call: Call = { send: () => request(what) };
        calls.set(number, call);
        try {
          return (await main.turn(reading, number, isRepeatable(what))) ?? call.answer!;
        } finally {
          calls.delete(number);
        }
      },
    };
  };
  const side: ThreadSide = {
    async page(source, { stream, run, divides, forgotten }) {
      const reading = readingOf(source);
      const { pages } = reading;
      const context = contextOf(source.reading, reading);
      const job = {
        name: stream,
        stream: reading.source.source!.shop!.streams[stream]!,
        run,
        context,
        divides,
        now: input.now,
      };
      const read = await readPage(job, aheadOf(reading, forgotten));
      if ('failure' in read) return read;
      const { rows, ...rest } = read;
      const page = (made += 1);
      pages.set(page, await withStates(rows, reading.source));
      for (const oldest of pages.keys()) if (pages.size > MOST_PAGES) pages.delete(oldest);
      return { ...rest, page, length: rows.length };
    },
    async prepare({ reading, page, begin, end }, how) {
      const { source, pages } = readings.get(reading) ?? {};
      const rows = pages?.get(page);
      if (source === undefined || rows === undefined)
        throw new Error('The page is no longer in the sources thread.');
      const log: Pick<Log, 'carried'> = { carried: (owner, keys) => main.carried(reading, owner, keys) };
      const ready = (event: SourceEvent): LogEntry => writtenEntry(event, source.id, input);
      return packed(await prepare(rows.slice(begin, end), how, { ...input, source, log, ready }));
    },
    async send(number) {
      const call = calls.get(number)!;
      const answer = await call.send();
      call.answer = answer;
      if (answer.kind === 'failure') return answer;
      const { kind, status, headers } = answer;
      return { kind, status, headers };
    },
    async upkeep() {
      await input.upkeep?.();
    },
    async close(reading) {
      readings.delete(reading);
    },
  };
  const channel = createChannel(port, { ...side }, { answered: bytesOf });
  return channel;
}

/** Returns the prefetched page of a reading, unless it was reset. */
function aheadOf(reading: Reading, forgotten: number | undefined): PagesAhead | undefined {
  if (forgotten === undefined) return undefined;
  if (reading.ahead?.forgotten !== forgotten) reading.ahead = { forgotten, pages: createLookahead() };
  return reading.ahead.pages;
}

/** Adds their states to rows, while the previous page is written. */
async function withStates(rows: readonly ReadRow[], source: ResolvedSource): Promise<readonly ReadRow[]> {
  const made: ReadRow[] = [];
  for (const [at, read] of rows.entries()) {
    if (isLong(at)) await breathe();
    made.push({ ...read, made: madeOf(read, source) });
  }
  return made;
}

function writtenEntry(event: SourceEvent, sourceId: string, { now, newMessageId }: HostInput): LogEntry {
  const written = writtenEvent(event, { receivedAt: now(), newMessageId }, false);
  if (!written.ok) throw new EventRefused(event, written.issues[0]!);
  return { sourceId, ...written.value };
}

function packed({ entries, state, ...rest }: Prepared): RemotePrepared {
  const kept = state.map(({ value }) => value!);
  const values = new Uint8Array(kept.reduce((sum, { length }) => sum + length, 0));
  const ends: number[] = [];
  let end = 0;
  for (const value of kept) {
    values.set(value, end);
    end += value.length;
    ends.push(end);
  }
  return {
    ...rest,
    messageIds: entries.map(({ event }) => event.messageId),
    texts: entries.map(({ text }) => text!),
    keys: state.map(({ key }) => key),
    ends,
    values,
  };
}

function bytesOf(value: unknown): readonly ArrayBuffer[] {
  const values = (value as Partial<RemotePrepared> | undefined)?.values;
  return values === undefined ? [] : [values.buffer];
}
