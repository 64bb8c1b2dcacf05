import type { ResolvedDestination } from '@waybill/core';
import { type Compiled, compileLane } from './compile.ts';
import { createLane, type Lane } from './lane.ts';
import type { Dropped } from './engine.ts';
import type { LaneShared } from './lane-shared.ts';
import { createSharedOut } from './shared-out.ts';

/** The lanes of an engine: one for each destination and partition. */
export interface Lanes {
  /** Applies a set of destinations; calls are serialised. */
  configure(destinations: readonly ResolvedDestination[], dropped?: Dropped): Promise<void>;
  all(): readonly Lane[];
  /** Returns the lanes of a destination, by partition. */
  of(destination: string): readonly Lane[];
  start(): void;
  /** Acquires and releases lanes by the current assignment. */
  rebalance(): void;
  stop(): Promise<void>;
}

/** Creates the lanes of an engine, initially none. */
export function createLanes(shared: LaneShared): Lanes {
  const { log, state, partitions } = shared;
  const lanes = new Map<string, readonly Lane[]>();
  /** Removed destinations whose lanes finish their last steps. */
  const leaving = new Map<string, Promise<void>>();
  const numbers = Array.from({ length: partitions }, (_, partition) => partition);
  let running = false;
  let configured: Promise<void> = Promise.resolve();
  const all = (): readonly Lane[] => [...lanes.values()].flat();
  const sharedOut = createSharedOut(shared);
  const rebalance = (): void => {
    const known = [...lanes].flatMap(([id, own]) =>
      leaving.has(id) ? [] : own.map((lane, partition) => ({ key: { destination: id, partition }, lane })),
    );
    sharedOut.direct(known, running);
  };
  const of = (id: string): readonly Lane[] => lanes.get(id) ?? [];

  /** Ends the lanes of a removed destination; one that is added again under its name starts empty. */
  const leave = (id: string, drops: boolean): void => {
    if (leaving.has(id)) return;
    const own = of(id);
    // What its last steps learn is discarded; a new destination of the name starts empty.
    for (const lane of own) lane.compiled().kept.close();
    lanes.delete(id);
    sharedOut.forget(own);
    const drop = async (): Promise<void> => {
      await Promise.all(own.map((lane) => lane.stop()));
      if (drops) await state.drop(id, shared.now());
    };
    const left = drop()
      .catch((error: unknown) =>
        shared.logger.error(
          { destination: id, err: error },
          'A removed destination is cleared at the next start.',
        ),
      )
      .finally(() => leaving.delete(id));
    leaving.set(id, left);
  };
  const begin = async (own: readonly Lane[], starts: readonly number[]): Promise<void> => {
    await Promise.all(own.map((lane, partition) => lane.begin(starts[partition] ?? 0)));
  };
  const compile = (one: ResolvedDestination): Promise<Compiled> | Compiled => {
    const known = of(one.id)[0]?.compiled();
    if (known !== undefined && isSame(known.destination, one)) return known;
    // What a lane of the same name writes in its last step is not for the new one.
    return compileLane(one, { ...shared, fresh: leaving.has(one.id) }, known);
  };
  const put = async (one: Compiled, starts: readonly number[]): Promise<void> => {
    const { id } = one.destination;
    const known = of(id);
    if (known.length > 0) {
      for (const lane of known) if (lane.compiled() !== one) lane.replace(one);
      return;
    }
    const own = numbers.map((partition) => createLane(one, partition, shared));
    lanes.set(id, own);
    const start = async (): Promise<void> => {
      await begin(own, starts);
    };
    // Lanes of the same name that were just removed may still be in their last step.
    const before = leaving.get(id);
    if (before === undefined) await start();
    else
      void before
        .then(start)
        // A lane without a start gets it with its first step.
        .catch((error: unknown) =>
          shared.logger.warn({ destination: id, err: error }, 'A destination could not be begun at once.'),
        )
        .then(rebalance);
  };
  const configure = async (destinations: readonly ResolvedDestination[], dropped: Dropped): Promise<void> => {
    const compiled: Compiled[] = [];
    for (const one of destinations) compiled.push(await compile(one));
    const later = await state.hasLanes();
    const starts = await Promise.all(numbers.map((partition) => (later ? log.lastSeq(partition) : 0)));
    const ids = new Set(destinations.map((one) => one.id));
    const known = dropped === 'everywhere' ? await state.stats() : [];
    for (const id of new Set([...lanes.keys(), ...known.map(({ destination }) => destination)]))
      if (!ids.has(id)) leave(id, dropped !== 'elsewhere');
    for (const one of compiled) await put(one, starts);
    rebalance();
  };

  return {
    configure(destinations, dropped = 'everywhere') {
      configured = configured.catch(() => undefined).then(() => configure(destinations, dropped));
      return configured;
    },
    all,
    of,
    start() {
      running = true;
      rebalance();
    },
    rebalance,
    async stop() {
      running = false;
      await configured.catch(() => undefined);
      await sharedOut.stopped();
      await Promise.all([...all().map((lane) => lane.stop()), ...leaving.values()]);
      sharedOut.forget(all());
    },
  };
}

/** Whether a destination is unchanged; its lane then continues, with its knowledge of the account. */
function isSame(one: ResolvedDestination, other: ResolvedDestination): boolean {
  if (one.destination !== other.destination) return false;
  const text = (value: ResolvedDestination): string => JSON.stringify({ ...value, destination: undefined });
  return text(one) === text(other);
}
