import type { ResolvedProcessor } from '@waybill/core';
import { createEnding } from '../loop.ts';
import { type Run, runProcessor, type RunInput } from './run.ts';

/** The processors of a server. */
export interface Processors {
  /**
   * Runs these from now on; those that are as they were go on undisturbed. Others may still end a step: the lease of who comes
   * after them keeps that from being written.
   */
  configure(processors: readonly ResolvedProcessor[]): void;
  /** There are new events. */
  wake(): void;
  /** Resolves when every event and every timer that is due has been worked on. */
  idle(): Promise<void>;
  /** The position up to which every one has worked on the log: what comes after it is still needed. */
  reached(): number;
  stop(): Promise<void>;
}

/** Runs processors over a log. */
export function createProcessors(input: RunInput): Processors {
  let running = new Map<string, { readonly as: string; readonly loop: Run }>();
  const { partitions = 1 } = input;
  const ending = createEnding();
  const loops = (): readonly Run[] => [...running.values()].map(({ loop }) => loop);
  return {
    configure(processors) {
      const next = new Map<string, { readonly as: string; readonly loop: Run }>();
      for (const one of processors.filter(({ enabled }) => enabled)) {
        const as = contentOf(one);
        for (let partition = 0; partition < partitions; partition += 1) {
          const key = JSON.stringify([one.id, partition]);
          const known = running.get(key);
          next.set(key, known?.as === as ? known : { as, loop: runProcessor(one, partition, input) });
        }
      }
      for (const [key, run] of running) if (next.get(key) !== run) ending.end(run.loop);
      running = next;
    },
    wake() {
      for (const loop of loops()) loop.wake();
    },
    async idle() {
      // In their order: one derives events for those after it.
      for (const loop of loops()) {
        loop.wake();
        await loop.idle();
      }
    },
    reached: () => Math.min(Number.POSITIVE_INFINITY, ...loops().map((loop) => loop.reached())),
    async stop() {
      for (const loop of loops()) ending.end(loop);
      await ending.ended();
    },
  };
}

/** What a run depends on: as long as it is the same, an edit of the workspace does not concern it. */
function contentOf({ processor, sources, settings }: ResolvedProcessor): string {
  return JSON.stringify([processor.slug, sources, settings]);
}
