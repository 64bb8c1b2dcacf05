import type { DeletionRequest, ResolvedSource } from '@waybill/core';
import type { Log } from '@waybill/delivery';
import type { Elsewhere } from '../elsewhere.ts';
import { createKeptOwners, type KeptKind } from '../kept.ts';
import { createEnding, createQueue, type Idle, type Loop } from '../loop.ts';
import type { ShopInput } from '../shops/input.ts';
import { ownerOf } from '../shops/keeping.ts';
import type { ShopReading } from '../shops/reading.ts';
import { eraseOf, readShop } from '../shops/shop.ts';
import type { ShopStatus } from '../shops/status.ts';
import { type ReadingInput, type ReadingJob, type ReadingStatus, readStream } from './reading.ts';
import { failureOf } from './shared-failure.ts';
import { noteOf, pollOwner } from './stream-owner.ts';

/** A requested back-fill. */
export interface Backfill {
  readonly id: string;
  readonly source: string;
  readonly stream: string;
  /** ISO 8601; everything when absent. */
  readonly from?: string;
}

/** The status of a poll or a back-fill. */
export interface StreamStatus extends Omit<ReadingStatus, 'place'>, Omit<ShopStatus, 'mode'> {
  /** Absent for a source that is not a shop. */
  readonly mode?: ShopStatus['mode'];
  /** Absent for a shop. */
  readonly place?: ReadingStatus['place'];
}

/** The readers of the sources of a server. */
export interface Sources {
  /**
   * Reads these from now on; unchanged ones continue undisturbed. The data of others is erased, unless another process does
   * that.
   */
  configure(sources: readonly ResolvedSource[], erases?: boolean): Promise<void>;
  /** Starts back-fills that were requested from another process. */
  refresh(): Promise<void>;
  /** Checks for messages of other processes at once. */
  wake(): void;
  /** Starts back-fills, which continue after a restart. The caller checks for unknown sources and streams. */
  backfill(asked: readonly Backfill[]): Promise<void>;
  /** Erases a person from every shop. */
  erase(who: DeletionRequest): Promise<void>;
  status(): readonly StreamStatus[];
  /** Returns the reader of a shop; undefined for a source that is not a shop, or is disabled. */
  shop(id: string): ShopReading | undefined;
  /** Resolves when everything that can be read now was read: `held` when a back-fill waits for room. */
  idle(): Promise<Idle>;
  stop(): Promise<void>;
}

/** The inputs of sources from the server. */
export interface SourcesInput extends Omit<ReadingInput, 'log' | 'intake'>, Omit<ShopInput, 'log'> {
  readonly elsewhere?: Elsewhere | undefined;
  readonly log: ReadingInput['log'] & ShopInput['log'] & Pick<Log, 'get' | 'set'>;
}

/** A reading: of a stream, a back-fill, or a whole shop. */
interface Job {
  /** While it is equal, the reading continues. */
  readonly as: string;
  readonly source: string;
  readonly begin: () => Begun;
}

interface Begun {
  readonly loop: Loop;
  readonly status: () => readonly StreamStatus[];
  readonly shop?: ShopReading;
}

type Running = Job & Begun;

/** The key of requested back-fills. */
const BACKFILLS = 'backfills';
/** The maximum number of back-fills; the oldest are dropped. */
const MOST_BACKFILLS = 100;

/** The cursor of an unread shop. */
const NOTHING_READ = JSON.stringify({ newest: {}, tasks: {}, calls: {} });

/** Creates the readers of sources: polls of their streams, and back-fills. */
export function createSources(input: SourcesInput): Sources {
  let running = new Map<string, Running>();
  let sources: readonly ResolvedSource[] = [];
  let backfills: readonly Backfill[] | undefined;
  const ending = createEnding();
  /** For owners without a process. */
  const owners = input.elsewhere === undefined ? {} : { owners: input.elsewhere.owners };
  const shops = createKeptOwners('shops', { ownersOf: (id) => [ownerOf(id)], empty: NOTHING_READ }, input);
  const streams = createKeptOwners('streams', polls(input.log), input);

  const kept = async (): Promise<readonly Backfill[]> => {
    backfills ??= JSON.parse((await input.log.get(BACKFILLS)) ?? '[]') as readonly Backfill[];
    return backfills;
  };
  /** The wanted readings, by name. */
  const wanted = async (): Promise<ReadonlyMap<string, Job>> => {
    const enabled = sources.filter((one) => one.enabled && one.source !== undefined);
    const pasts = await kept();
    return new Map(
      enabled.flatMap((source) =>
        jobsOf(
          source,
          pasts.filter((one) => one.source === source.id),
          input,
        ),
      ),
    );
  };
  const apply = async (): Promise<void> => {
    const next = await wanted();
    await shops.add(sources.flatMap(({ id, enabled, source }) => (enabled && source?.shop ? [id] : [])));
    await streams.add(sources.flatMap(polledOf));
    const stay = new Map<string, Running>();
    for (const [name, one] of running) {
      if (next.get(name)?.as === one.as) stay.set(name, one);
      else ending.end(one.loop);
    }
    running = stay;
    const pasts = await kept();
    for (const [name, job] of next) {
      const going = running.get(name);
      if (going === undefined) running.set(name, { ...job, ...job.begin() });
      else going.shop?.backfill(pasts.filter(({ source }) => source === going.source));
    }
  };
  const keep = async (next: readonly Backfill[]): Promise<void> => {
    backfills = next;
    await input.log.set(BACKFILLS, JSON.stringify(next));
  };
  const isThere = (id: string): boolean => sources.some((one) => one.id === id);
  const change = createQueue();
  const clear = createQueue();
  /** Data of removed sources is erased when their readings have ended. */
  const clearUp = (): void =>
    void clear(async () => {
      await ending.ended();
      await shops.clear(isThere);
      await streams.clear((name) => isThere(sourceOf(name)));
    }).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      input.onFailure('sources that were removed', { code: 'source_failed', message });
    });
  return {
    configure: (next, erases = true) =>
      change(async () => {
        sources = next;
        const there = (await kept()).filter(({ source }) => isThere(source));
        if (there.length < (await kept()).length) await keep(there);
        await apply();
        if (erases) clearUp();
      }),
    refresh: () =>
      change(() => {
        backfills = undefined;
        return apply();
      }),
    wake() {
      for (const { loop } of running.values()) loop.wake();
    },
    backfill: (asked) =>
      change(async () => {
        // Other back-fills may have been requested from another process.
        if (input.elsewhere !== undefined) backfills = undefined;
        await keep([...(await kept()), ...asked].slice(-MOST_BACKFILLS));
        return apply();
      }),
    erase: (who) =>
      change(async () => {
        for (const source of sources) {
          if (source.source?.shop === undefined) continue;
          const owner = ownerOf(source.id);
          const isRead = [...running.values()].some((one) => one.source === source.id);
          if (isRead && input.elsewhere?.isHere(owner) === false) {
            await input.elsewhere.ask(owner, { kind: 'erase', who });
            continue;
          }
          const going = [...running.values()].find((one) => one.source === source.id)?.shop;
          await (going === undefined
            ? eraseOf(source, who, { ...input, log: { ...input.log, ...owners } })
            : going.erase(who));
        }
      }),
    status: () => [...running.values()].flatMap(({ status }) => status()),
    shop: (id) => [...running.values()].find(({ source, shop }) => source === id && shop !== undefined)?.shop,
    async idle() {
      await change(() => Promise.resolve());
      await clear(() => Promise.resolve());
      const all = await Promise.all([...running.values()].map(({ loop }) => loop.idle()));
      return all.includes('held') ? 'held' : 'done';
    },
    async stop() {
      await change(() => Promise.resolve());
      for (const { loop } of running.values()) ending.end(loop);
      await ending.ended();
      await clear(() => Promise.resolve());
    },
  };
}

/** The streams of a source that are polled, by separate names. */
function polledOf({ id, enabled, source }: ResolvedSource): readonly string[] {
  if (!enabled || source === undefined || source.shop !== undefined) return [];
  const polled = Object.entries(source.streams).filter(([, { every }]) => every !== undefined);
  return polled.map(([stream]) => JSON.stringify([id, stream]));
}

function sourceOf(name: string): string {
  return (JSON.parse(name) as readonly [source: string, stream: string])[0];
}

/** The stored data of a polled stream: its progress, and the note for its source. */
function polls(log: Pick<Log, 'get' | 'set'>): KeptKind {
  const ownerOf = (name: string): string =>
    pollOwner(...(JSON.parse(name) as readonly [source: string, stream: string]));
  return {
    ownersOf: (name) => [ownerOf(name)],
    empty: '',
    async also(name) {
      for (const key of [noteOf(sourceOf(name)), failureOf(ownerOf(name))])
        if (((await log.get(key)) ?? '') !== '') await log.set(key, '');
    },
  };
}

/** Returns the readings of a source, by name. */
function jobsOf(
  source: ResolvedSource,
  pasts: readonly Backfill[],
  input: SourcesInput,
): readonly (readonly [string, Job])[] {
  const { id } = source;
  const { shop, streams } = source.source!;
  const shared = { as: contentOf(source), source: id };
  if (shop !== undefined) {
    const begin = (): Begun => {
      const reading = readShop(source, pasts, input);
      return { loop: reading, shop: reading, status: () => reading.status() };
    };
    return [[JSON.stringify([id]), { ...shared, begin }]];
  }
  const polls = Object.entries(streams).flatMap(([stream, { every }]) => {
    const begin = (): Begun => begunStream({ source, stream }, input);
    return every === undefined ? [] : [[JSON.stringify([id, stream]), { ...shared, begin }] as const];
  });
  const known = pasts.filter(({ stream }) => streams[stream] !== undefined);
  const backfills = known.map(({ id: run, stream, from }) => {
    const history = { id: run, room: input.room, ...(from === undefined ? {} : { from }) };
    const begin = (): Begun => begunStream({ source, stream, history }, input);
    return [JSON.stringify([id, stream, run]), { ...shared, begin }] as const;
  });
  return [...polls, ...backfills];
}

function begunStream(job: ReadingJob, input: SourcesInput): Begun {
  const { source, stream, history } = job;
  const shared = input.elsewhere === undefined ? {} : { shared: input.log };
  const reading = readStream(job, { ...input, ...shared });
  const named = { source: source.id, stream, ...(history === undefined ? {} : { backfill: history.id }) };
  return { loop: reading, status: () => [{ ...named, ...reading.status() }] };
}

/** What a reading depends on: while it is equal, an edit of the workspace does not affect it. */
function contentOf({ source, settings }: ResolvedSource): string {
  return JSON.stringify([source?.slug, settings]);
}
