import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Helper } from './children.ts';
import type { Answers, FromLoad, LoadOrder, ToLoad } from './load.ts';

/** What a stretch of load did. */
export interface Stretch {
  readonly seconds: number;
  readonly accepted: number;
  readonly delivered: number;
  /** Processor seconds of the servers. */
  readonly cpu: number;
  /** The most memory that one of them had, in MB. */
  readonly rss: number;
  readonly answers: Answers;
}

/** A generator, a server and a destination, ready to be measured again and again. */
export interface Rig {
  /**
   * Puts load on the server for some time or for some events, and optionally waits for their delivery. With `keepBacklog`, the window
   * is in addition to the backlog.
   */
  run(
    order: Omit<LoadOrder, 'urls' | 'from'> & {
      readonly seconds?: number;
      /** Continues at least for this duration. */
      readonly during?: Promise<unknown>;
      readonly drain?: boolean;
      readonly keepBacklog?: boolean;
    },
  ): Promise<Stretch>;
  /** Events that were accepted in all. */
  readonly accepted: number;
  close(): void;
}

interface Usage {
  readonly rss: number;
  readonly cpu: number;
}

/** Starts a generator for servers of one store and their destination; `before` events are in them already. */
export async function createRig(
  given: Helper | readonly Helper[],
  destination: Helper,
  before = 0,
): Promise<Rig> {
  const servers = [given].flat();
  const use = async (): Promise<Usage> => {
    const all = await Promise.all(servers.map((server) => server.ask<Usage>('usage')));
    return {
      rss: Math.max(...all.map(({ rss }) => rss)),
      cpu: all.reduce((sum, { cpu }) => sum + cpu, 0),
    };
  };
  const load = fork(join(import.meta.dirname, 'load.ts'), [], {
    execArgv: [...process.execArgv, '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const tell = (message: ToLoad): void => void load.send(message);
  await new Promise((resolve) => load.once('message', resolve));
  let total = before;
  const countDelivered = async (): Promise<number> =>
    (await destination.ask<{ count: number }>('count')).count;

  return {
    get accepted() {
      return total;
    },
    async run({ seconds, during, drain = false, keepBacklog = false, ...order }) {
      const atFirst = await countDelivered();
      const backlog = total - atFirst;
      let delivered = atFirst;
      let accepted = 0;
      let rss = 0;
      const first = await use();
      const began = performance.now();
      let ended = false;
      let lasts = during !== undefined;
      const stop = (): void => void (lasts = false);
      during?.then(stop, stop);
      const whole = new Promise<Answers>((resolve) => {
        const listen = (message: FromLoad): void => {
          if (message.kind === 'accepted') accepted = message.count;
          if (message.kind !== 'ended') return;
          accepted = message.count;
          load.off('message', listen);
          ended = true;
          resolve(message.answers);
        };
        load.on('message', listen);
      });
      // What was under way before counts as sent, so that the window is the whole backlog.
      tell({ kind: 'delivered', count: keepBacklog ? 0 : -backlog });
      tell({ kind: 'run', order: { ...order, urls: servers.map(({ url }) => url), from: total } });
      const over = (): boolean =>
        ended || (!lasts && seconds !== undefined && performance.now() - began > seconds * 1000);
      while (!over()) {
        await sleep(20);
        delivered = await countDelivered();
        tell({ kind: 'delivered', count: delivered - atFirst - (keepBacklog ? 0 : backlog) });
        rss = Math.max(rss, (await use()).rss);
      }
      tell({ kind: 'stop' });
      const stretch = (performance.now() - began) / 1000;
      const last = await use();
      const inTime = { accepted, delivered: delivered - atFirst };
      const answers = await whole;
      total += accepted;
      if (drain) {
        for (;;) {
          const now = await countDelivered();
          rss = Math.max(rss, (await use()).rss);
          if (now >= total) break;
          await sleep(20);
        }
      }
      return {
        seconds: stretch,
        ...inTime,
        cpu: last.cpu - first.cpu,
        rss: Math.round(rss / 2 ** 20),
        answers,
      };
    },
    close() {
      load.kill();
    },
  };
}

/** Waits. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
