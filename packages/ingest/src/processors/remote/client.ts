import type { ResolvedProcessor } from '@waybill/core';
import { type Channel, createChannel, type StartedThread, type StartThread } from '../../channel.ts';
import { createQueue } from '../../loop.ts';
import type { Processors } from '../processors.ts';
import { ownerOf, type RunHandle } from '../run.ts';
import { type MainSideInput, mainSideOf } from './main-side.ts';
import type { RemoteProcessor, RemoteRun, ThreadSide } from './protocol.ts';

/** The input of processors in a separate thread. */
export interface ProcessorsThreadInput extends MainSideInput {
  readonly partitions: number;
  readonly start: StartThread;
  /** Creates processors in this thread, while there is no other: all of them are disabled. */
  readonly own: () => Processors;
  /** Called when the thread ends unexpectedly, with the milliseconds until its restart. */
  readonly onDeath: (reason: Error, restartMs: number) => void;
  /** Calls a function after a number of milliseconds; returns a function that cancels it. */
  readonly after: (milliseconds: number, what: () => void) => () => void;
  readonly now: () => number;
}

/** The first delay before an ended thread is restarted, in milliseconds: doubled each time. */
const RESTART = { first: 500, longest: 30_000 };
/** The time after which a thread counts as started successfully, in milliseconds. */
const SETTLED = 60_000;

/** A thread, from its start to its end. */
interface Begun {
  readonly channel: Channel;
  readonly thread: StartedThread;
  isAlive: boolean;
}

/**
 * Runs processors in a separate thread while at least one of them is enabled. If it ends unexpectedly, it is restarted after a delay:
 * uncommitted work is repeated.
 */
export function createProcessorsThread(input: ProcessorsThreadInput): Processors {
  const inTurn = createQueue();
  const onError = (error: unknown): void => input.onError('the processors thread', error);
  let known: readonly ResolvedProcessor[] = [];
  let erases = true;
  let own: Processors | undefined = input.own();
  /** Whether the thread exists, or will be restarted. */
  let begun: Begun | undefined;
  let begunAgain = Promise.withResolvers<void>();
  let failures = 0;
  let isStopped = false;
  let isWoken = false;
  let endWait = (): void => undefined;

  const isOn = (): boolean => known.some(({ enabled }) => enabled);
  const ask = async <T>(name: keyof ThreadSide, ...given: readonly unknown[]): Promise<T> => {
    if (begun?.isAlive !== true) throw new Error('The processors thread is being started.');
    return begun.channel.ask<T>(name, ...given);
  };
  const begin = (): Begun => {
    const startedAt = input.now();
    const one = startThread(input, (reason) => {
      if (isStopped || begun !== one) return;
      failures = input.now() - startedAt > SETTLED ? 1 : failures + 1;
      const wait = Math.min(RESTART.longest, RESTART.first * 2 ** (failures - 1));
      input.onDeath(reason, wait);
      endWait = input.after(wait, () => {
        begun = begin();
        void configureThere(begun).catch(onError);
        begunAgain.resolve();
        begunAgain = Promise.withResolvers();
      });
    });
    return one;
  };
  const configureThere = async (one: Begun): Promise<void> => {
    await unlessGone(one, one.channel.ask('configure', known.map(described), erases));
    if (one.isAlive && !isOn()) void endWhenDone(one).catch(onError);
  };
  const end = async (): Promise<void> => {
    const last = begun;
    begun = undefined;
    endWait();
    if (last?.isAlive !== true) return;
    await unlessGone(last, last.channel.ask('stop'));
    await last.thread.end();
  };
  /** With no processor enabled, the thread ends when the data of removed ones has been deleted. */
  const endWhenDone = async (one: Begun): Promise<void> => {
    await unlessGone(one, one.channel.ask('idle'));
    await inTurn(async () => {
      if (begun !== one || !one.isAlive || isOn() || isStopped) return;
      await end();
      own = input.own();
      await own.configure(known, false);
    });
  };
  const handleOf = (run: RemoteRun): RunHandle => {
    const asking =
      <T>(name: keyof RunHandle) =>
      (...given: readonly unknown[]): Promise<T> =>
        ask<T>('run', run, name, given);
    return {
      standing: asking('standing'),
      timers: asking('timers'),
      user: asking('user'),
      forget: asking('forget'),
      recompute: asking('recompute'),
      apply: asking('apply'),
      cancel: asking('cancel'),
    };
  };
  const partitions = Array.from({ length: input.partitions }, (_, partition) => partition);
  return {
    configure(processors, isErasing = true) {
      known = processors;
      erases = isErasing;
      return inTurn(async () => {
        if (isStopped) return;
        if (begun === undefined && !isOn()) return own?.configure(known, erases);
        if (begun === undefined) {
          // It may be deleting data of a processor that is enabled again.
          await own?.idle();
          await own?.stop();
          own = undefined;
          begun = begin();
        }
        // A thread that is not yet restarted receives it then.
        if (begun.isAlive) await configureThere(begun);
      });
    },
    wake() {
      // One message per turn of the event loop is enough, for any number of events.
      if (isWoken || begun === undefined) return;
      isWoken = true;
      setImmediate(() => {
        isWoken = false;
        if (begun?.isAlive === true) begun.channel.tell('wake');
      });
    },
    async idle() {
      await inTurn(() => Promise.resolve());
      for (;;) {
        const one = begun;
        if (one === undefined) return own?.idle();
        if (isStopped) return;
        if (!one.isAlive) await begunAgain.promise;
        else if ((await unlessGone(one, one.channel.ask('idle'))) !== GONE) return;
      }
    },
    async reached() {
      const one = begun;
      if (one === undefined && own !== undefined) return own.reached();
      const reached =
        one?.isAlive === true ? await unlessGone(one, one.channel.ask<readonly number[]>('reached')) : GONE;
      // Until it is known, all events are still needed.
      return reached === GONE ? partitions.map(() => 0) : reached;
    },
    at(owner) {
      const isRun = ({ id, enabled }: ResolvedProcessor): boolean =>
        enabled && partitions.some((partition) => ownerOf(id, partition) === owner);
      return known.some(isRun) ? handleOf({ owner }) : undefined;
    },
    of: (id) =>
      known.some((one) => one.id === id && one.enabled)
        ? partitions.map((partition) => handleOf({ id, partition }))
        : [],
    forget: (who) => inTurn(() => (begun === undefined ? own!.forget(who) : ask('forget', who))),
    async stop() {
      isStopped = true;
      begunAgain.resolve();
      await inTurn(end);
      await own?.stop();
    },
  };
}

function startThread(input: ProcessorsThreadInput, onEnd: (reason: Error) => void): Begun {
  const thread = input.start({
    heard: (message) => channel.heard(message),
    ended(reason) {
      one.isAlive = false;
      channel.end(reason);
      onEnd(reason);
    },
  });
  const channel = createChannel(thread, { ...mainSideOf(input) });
  const one: Begun = { channel, thread, isAlive: true };
  return one;
}

const GONE = Symbol('gone');

/** Resolves with an answer, or with the end of the thread before it. */
async function unlessGone<T>(one: Begun, answer: Promise<T>): Promise<T | typeof GONE> {
  try {
    return await answer;
  } catch (error) {
    if (!one.isAlive) return GONE;
    throw error;
  }
}

function described({ processor, ...rest }: ResolvedProcessor): RemoteProcessor {
  return { ...rest, slug: processor.slug };
}
