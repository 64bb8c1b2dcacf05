import type { DeletionRequest, ResolvedProcessor } from '@waybill/core';
import { createEnding, createQueue } from '../loop.ts';
import { createKeptOwners } from '../kept.ts';
import { createOwner } from '../owner.ts';
import { forget } from './forget.ts';
import { createRounds } from './rounds.ts';
import { createSharedRead } from './shared-read.ts';
import { createSharedRows } from './shared-rows.ts';
import { ownerOf, type Run, type RunHandle, runProcessor, type RunInput } from './run.ts';

/** The processors of a server. */
export interface Processors {
  /**
   * Runs these processors from now on; unchanged ones continue undisturbed. Removed ones may still end a step: the lease of their
   * successors fences off the write. Resolves when each has its cursor in the log: every event accepted afterwards is processed. Data
   * of removed processors is deleted, unless another process does it.
   */
  configure(processors: readonly ResolvedProcessor[], erases?: boolean): Promise<void>;
  /** Notifies the processors of new events. */
  wake(): void;
  /** Resolves when every event and every due timer has been processed. */
  idle(): Promise<void>;
  /** The position that all processors have processed, by partition: later events are still needed. */
  reached(): Promise<readonly number[]>;
  /** Returns the run that works for an owner; undefined when there is none. */
  at(owner: string): RunHandle | undefined;
  /** Returns the runs of a processor, one per partition; empty when it does not exist or is off. */
  of(id: string): readonly RunHandle[];
  /** Deletes the stored data of a user. */
  forget(who: DeletionRequest): Promise<void>;
  stop(): Promise<void>;
}

interface Running {
  readonly id: string;
  readonly as: string;
  readonly partition: number;
  readonly loop: Run;
}

/** Runs processors over a log. */
export function createProcessors(input: RunInput): Processors {
  let running = new Map<string, Running>();
  const { partitions = 1 } = input;
  const rounds = createRounds({
    onBetween() {
      clear();
      rows.clear();
    },
    collect: input.collect,
  });
  const { readAfter, renew, clear } = createSharedRead(input.log, rounds.more);
  const rows = createSharedRows(input.log, (partition) =>
    [...running.values()].flatMap((one) => (one.partition === partition ? [ownerOf(one.id, partition)] : [])),
  );
  const ending = createEnding();
  const loops = (): readonly Run[] => [...running.values()].map(({ loop }) => loop);
  const ownersOf = (id: string): readonly string[] =>
    Array.from({ length: partitions }, (_, partition) => ownerOf(id, partition));
  let known: readonly ResolvedProcessor[] = [];
  const kept = createKeptOwners('processors', { ownersOf, empty: '' }, input);
  const inTurn = createQueue();
  /** Deletes the data of removed processors: a new one with the same name starts empty. */
  const clearUp = (erases: boolean): void =>
    void inTurn(async () => {
      await kept.add(known.map(({ id }) => id));
      await ending.ended();
      if (erases) await kept.clear((id) => known.some((one) => one.id === id));
    }).catch((error: unknown) => input.onError('processors that were removed', error));
  return {
    async configure(processors, erases = true) {
      known = processors;
      const begun: Promise<void>[] = [];
      const next = new Map<string, Running>();
      for (const one of processors.filter(({ enabled }) => enabled)) {
        const as = contentOf(one);
        for (let partition = 0; partition < partitions; partition += 1) {
          const key = JSON.stringify([one.id, partition]);
          const before = running.get(key);
          if (before?.as === as) {
            next.set(key, before);
            continue;
          }
          const loop = runProcessor(one, partition, { ...input, readAfter, rows, rounds });
          next.set(key, { id: one.id, as, partition, loop });
          begun.push(loop.begun);
        }
      }
      for (const [key, run] of running) if (next.get(key) !== run) ending.end(run.loop);
      running = next;
      clearUp(erases);
      await Promise.all(begun);
    },
    wake() {
      renew();
      for (const loop of loops()) loop.wake();
    },
    async idle() {
      await inTurn(() => Promise.resolve());
      await rounds.hurry(async () => {
        // In order: a processor derives events for those after it.
        for (const loop of loops()) {
          renew();
          loop.wake();
          await loop.idle();
        }
      });
    },
    async reached() {
      const least = Array.from({ length: partitions }, () => Number.POSITIVE_INFINITY);
      for (const { partition, loop } of running.values())
        least[partition] = Math.min(least[partition]!, loop.reached());
      return least;
    },
    at: (owner) => [...running.values()].find(({ id, partition }) => ownerOf(id, partition) === owner)?.loop,
    of: (id) => [...running.values()].flatMap((one) => (one.id === id ? [one.loop] : [])),
    forget: (who) =>
      inTurn(async () => {
        for (const one of known) {
          const going = [...running.values()].flatMap(({ id, loop }) => (id === one.id ? [loop] : []));
          for (const [partition, run] of going.entries()) {
            const owner = ownerOf(one.id, partition);
            const isHere = (await input.elsewhere?.isHere(owner)) ?? true;
            await (isHere ? run.forget(who) : input.elsewhere?.ask(owner, { kind: 'erase', who }));
          }
          // A disabled processor keeps its data.
          if (going.length === 0) for (const owner of ownersOf(one.id)) await forgetIn(owner, who, input);
        }
      }),
    async stop() {
      for (const loop of loops()) ending.end(loop);
      await rounds.hurry(ending.ended);
    },
  };
}

/** Deletes the data of a user from a disabled processor. */
async function forgetIn(
  name: string,
  who: DeletionRequest,
  { log, holder, now, elsewhere }: RunInput,
): Promise<void> {
  const owner = createOwner({ name, holder, log: elsewhere ?? log, now, onTaken: () => Promise.resolve() });
  const lease = await owner.lease();
  if (lease === undefined) throw new Error('Another server works for this processor.');
  await forget(who, { log, lease });
  await owner.release();
}

/** The content that a run depends on: while it is unchanged, an edit of the workspace does not affect the run. */
function contentOf({ processor, sources, settings }: ResolvedProcessor): string {
  return JSON.stringify([processor.slug, sources, settings]);
}
