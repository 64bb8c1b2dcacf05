import type { Log, State, StepReport } from '@waybill/delivery';
import type { Refusals, Sampled } from '@waybill/ingest';
import type { Metrics } from '../metrics.ts';
import type { InTurn } from '../peers/turn.ts';
import { createLive, type Live } from './live.ts';
import { openRollups, type Rollups } from './rollups.ts';
import { createShapes, type Shapes } from './shapes.ts';

/** What a server observes: shapes, roll-ups and the live stream. */
export interface Observer {
  readonly rollups: Rollups;
  readonly shapes: Shapes;
  readonly live: Live;
  /** The metrics, wrapped to be counted here too. */
  counting(metrics: Metrics): Metrics;
  /** Called with events before they are stored. */
  readonly sampled: (sourceId: string, events: Sampled) => void;
  step(step: StepReport): void;
  stop(): Promise<void>;
}

/** The inputs of an observer. */
export interface ObserverInput {
  readonly log: Log;
  readonly state: State;
  readonly refusals: Refusals;
  readonly now: () => number;
  /** Excludes other processes during writes. */
  readonly inTurn?: InTurn;
  readonly onError: (error: unknown) => void;
}

/** How often counts are written, in milliseconds. */
const SAVE_EVERY = 60_000;

/** Starts observing. */
export async function openObserver(input: ObserverInput): Promise<Observer> {
  const { onError } = input;
  const rollups = openRollups(input);
  const shapes = createShapes(input);
  const live = createLive(input);
  const timer = setInterval(() => void rollups.save().catch(onError), SAVE_EVERY).unref();
  return {
    rollups,
    shapes,
    live,
    counting: (metrics) => ({
      ...metrics,
      accepted(sourceId, by) {
        metrics.accepted(sourceId, by);
        rollups.accepted(sourceId, by);
      },
      duplicate(sourceId, by) {
        metrics.duplicate(sourceId, by);
        rollups.duplicate(sourceId, by);
      },
      refused(code, by) {
        metrics.refused(code, by);
        rollups.refused(code, by);
      },
    }),
    sampled: shapes.sample,
    step(step) {
      rollups.step(step);
      live.step(step);
    },
    async stop() {
      clearInterval(timer);
      live.stop();
      await rollups.save().catch(onError);
    },
  };
}
