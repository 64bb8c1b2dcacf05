import type { Event, ResolvedSource, Source, SourceContext } from '@waybill/core';
import {
  readShop,
  receiveHints,
  type SetAside,
  type ShopReading,
  type ShopStatus,
  UNLIMITED_ROOM,
} from '@waybill/ingest';
import { type FakeClock, fakeClock } from '../clock.ts';
import { TestSetupError } from '../destination.ts';
import type { WireRequest } from '../http/canned.ts';
import {
  resolveSource,
  sourceContext,
  type TestSourceOptions,
  type TestWebhook,
  webhookRequest,
} from './source.ts';
import { ingestWorld } from './world.ts';

/** Options of a test shop. */
export interface TestShopOptions extends Omit<TestSourceOptions, 'clock'> {
  /** The time; a fake clock when absent. */
  readonly clock?: FakeClock;
  /** The URL of the webhook; not registered when absent. */
  readonly address?: string;
}

/**
 * A shop that can be read without a server: limits, polls, hints and back-fills are those of a server, with the time of the clock.
 */
export interface TestShop {
  readonly resolved: ResolvedSource;
  readonly clock: FakeClock;
  /** Reads until nothing is due; returns the new events. */
  sync(): Promise<readonly Event[]>;
  /** The same, after a while. */
  advance(milliseconds: number): Promise<readonly Event[]>;
  /** Calls the webhook; returns why it is refused. */
  receive(request: TestWebhook): Promise<string | undefined>;
  /** Runs back-fills of streams: of all when none are named. */
  backfill(options?: {
    readonly streams?: readonly string[];
    readonly from?: string;
  }): Promise<readonly Event[]>;
  /** Restarts, as after a crash: unsaved state is lost. */
  restart(): Promise<void>;
  status(): readonly ShopStatus[];
  asides(): readonly SetAside[];
  /** The recorded calls. */
  readonly requests: readonly WireRequest[];
  stop(): Promise<void>;
}

/** Creates an instance of a shop for tests, over a log in memory and the real intake. */
export function createTestShop(source: Source, options: TestShopOptions = {}): TestShop {
  const clock = options.clock ?? fakeClock();
  const resolved = resolveSource(source, options);
  const { shop } = source;
  if (shop === undefined) throw new TestSetupError([{ path: 'shop', message: 'This source is not a shop.' }]);
  const world = ingestWorld(clock);
  const { context, calls } = sourceContext(resolved, { ...options, clock });
  const { address } = options;
  let pasts: Parameters<ShopReading['backfill']>[0] = [];
  const open = (): ShopReading =>
    readShop(resolved, pasts, {
      log: world.log,
      intake: world.intake,
      context: (): SourceContext => context,
      holder: 'test',
      now: clock.now,
      async sleep(milliseconds) {
        clock.advance(milliseconds);
      },
      room: async () => UNLIMITED_ROOM,
      onFailure: () => undefined,
      ...(address === undefined ? {} : { address: () => address }),
    });
  let reading = open();
  const sync = async (): Promise<readonly Event[]> => {
    reading.wake();
    await reading.idle();
    return (await world.fresh()).map(({ event }) => event);
  };
  return {
    resolved,
    clock,
    requests: calls,
    sync,
    advance(milliseconds) {
      clock.advance(milliseconds);
      return sync();
    },
    async receive(request) {
      const input = { take: reading.take, intake: world.intake, context: reading.context() };
      const received = await receiveHints(resolved, webhookRequest(request), input);
      return 'failure' in received ? received.failure.code : undefined;
    },
    backfill({ streams = Object.keys(shop.streams), from } = {}) {
      const begin = from === undefined ? {} : { from };
      pasts = [...pasts, ...streams.map((stream) => ({ id: `test-${pasts.length}`, stream, ...begin }))];
      reading.backfill(pasts);
      return sync();
    },
    async restart() {
      await reading.stop();
      reading = open();
    },
    status: () => reading.status(),
    asides: () => reading.asides(),
    stop: () => reading.stop(),
  };
}
