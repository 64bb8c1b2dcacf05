import type { Rejected, ResolvedSource, Retry, SourceContext } from '@waybill/core';
import type { Lease } from '@waybill/delivery';
import { createLoop } from '../loop.ts';
import { createOwner } from '../owner.ts';
import { createStanding, type Standing } from './standing.ts';
import { ASIDE_KEY, type Asides, createAsides, type SetAside } from './aside.ts';
import { createHints, type Hints, MOST_HINTS } from './hints.ts';
import type { ShopInput } from './input.ts';
import { createLimiter, type Limiter, PATIENCE } from './limiter.ts';
import { isOfTheShop } from './page.ts';
import { readHints } from './read-hints.ts';
import type { ShopReading } from './reading.ts';
import { asked, type PageRead, readPage } from './read-task.ts';
import { createSettle, type Settle } from './settle.ts';
import { type ShopStatus, statusOf } from './status.ts';
import { createSubscription, type Subscription } from './subscription.ts';
import {
  beginning,
  countQuery,
  endOf,
  firstNewest,
  later,
  type Past,
  runOf,
  type ShopCursor,
  type Task,
  tasksOf,
  type TaskState,
} from './tasks.ts';
import { createTurns } from './turns.ts';

/** How long to wait for a holder that is gone. */
const TAKE_AGAIN = 5_000;
const LOOK_AGAIN = 1_000;
const FAR = 60_000;
/** How often calls that are counted over long periods are kept, while nothing else is. */
const KEEP_EVERY = 300_000;
/** Hints that are looked into at once. */
const BATCH = 20;
/** Attempts after which a page that fails is divided. */
const PATIENT_TRIES = 2;

/** Reads a shop: one loop under one lease, so that everything is compared in the order in which it was read. */
export function readShop(source: ResolvedSource, pasts: readonly Past[], input: ShopInput): ShopReading {
  const reader = createReader(source, pasts, input);
  const loop = createLoop({
    work: () => reader.work(),
    onError(error) {
      reader.lost();
      return reader.broke(error);
    },
  });
  return {
    ...loop,
    async take(hints) {
      const taken = await reader.hints.take(hints, input.now());
      loop.wake();
      return taken;
    },
    backfill(next) {
      reader.pasts(next);
      loop.wake();
    },
    readNow(modes) {
      reader.hurry(modes);
      loop.wake();
    },
    status: () => reader.status(),
    subscription: () => reader.subscription.status(),
    asides: () => reader.asides.list(),
    async again(keys) {
      const count = await reader.again(keys);
      loop.wake();
      return count;
    },
    context: () => reader.context(),
    async stop() {
      reader.limiter.close();
      await loop.stop();
      await reader.release();
    },
  };
}

interface Reader {
  readonly hints: Hints;
  readonly asides: Asides;
  readonly limiter: Limiter;
  readonly subscription: Subscription;
  work(): Promise<number>;
  lost(): void;
  broke(error: unknown): number;
  pasts(next: readonly Past[]): void;
  hurry(modes: readonly Task['mode'][]): void;
  status(): readonly ShopStatus[];
  again(keys: readonly string[] | undefined): Promise<number>;
  context(): SourceContext;
  release(): Promise<void>;
}

function createReader(source: ResolvedSource, given: readonly Past[], input: ShopInput): Reader {
  const { log, now } = input;
  const shop = source.source!.shop!;
  const { streams } = shop;
  const asides = createAsides();
  const limiter = createLimiter({ limits: shop.limits, now, sleep: input.sleep });
  const context = (): SourceContext => {
    const made = input.context(source);
    return { ...made, request: limiter.limit(made.request) };
  };
  const settle: Settle = createSettle({ source, asides, ...input });
  const subscription = createSubscription({ source, context, now, address: input.address });
  const whole = createStanding();
  const standings = new Map<string, Standing>();
  const paces = new Map<string, { readonly at: number; readonly read: number }>();
  let keptAt = now();
  let tasks = tasksOf(streams, given);
  let cursor: ShopCursor = { newest: {}, tasks: {}, calls: {} };
  let prefetched: { readonly run: unknown; readonly page: ReturnType<typeof readPage> } | undefined;
  let wanted: readonly SetAside[] = [];

  const owner = createOwner({
    name: `source ${source.id}`,
    holder: input.holder,
    log,
    now,
    async onTaken({ key }) {
      const { cursor: kept, state } = await log.carried(key, [ASIDE_KEY]);
      asides.load(state.get(ASIDE_KEY));
      hints.load(await log.timers(key, { limit: 2 * MOST_HINTS }));
      if (kept !== undefined) cursor = JSON.parse(kept) as ShopCursor;
      limiter.restore(cursor.calls);
    },
  });
  let taking: Promise<Lease<string> | undefined> | undefined;
  /** Webhooks and the loop ask for the lease at any time; it is taken once. */
  const leaseOf = (): Promise<Lease<string> | undefined> => {
    taking ??= owner.lease().finally(() => {
      taking = undefined;
    });
    return taking;
  };
  const hints = createHints(async (timers) => {
    const lease = await leaseOf();
    const stored = lease === undefined ? 'stale' : await log.append([], { lease, timers });
    if (stored !== 'stale') return;
    owner.lost();
    throw new Error('Another server reads this source.');
  });

  const standingOf = (name: string): Standing => {
    const found = standings.get(name) ?? createStanding();
    standings.set(name, found);
    return found;
  };
  const stateOf = (task: Task): TaskState =>
    cursor.tasks[task.name] ?? beginning(task, streams[task.stream]!, now());
  const turns = createTurns({ stateOf, standingOf });
  const failed = (standing: Standing, what: string, failure: Rejected | Retry): void => {
    (isOfTheShop(failure) ? whole : standing).failed(failure, now());
    input.onFailure(`${source.id} ${what}`, failure);
  };
  /** The cursor with another state of a task; tasks that nobody wants any more are forgotten. */
  const withTask = (name: string, state: TaskState, newest: ShopCursor['newest']): ShopCursor => {
    const known = new Set(tasks.map((one) => one.name));
    const kept = Object.entries(cursor.tasks).filter(([one]) => known.has(one));
    return { newest, tasks: { ...Object.fromEntries(kept), [name]: state }, calls: limiter.counts() };
  };
  const written = async (lease: Lease<string>, step: Parameters<Settle>[1]): Promise<void> => {
    if ((await settle(lease, step)) === 'stale') owner.lost();
    else if (step.cursor !== undefined) {
      cursor = step.cursor;
      if (step.idle !== true) keptAt = now();
    }
  };

  const lookInto = async (lease: Lease<string>, batch: ReturnType<Hints['begin']>): Promise<void> => {
    const read = await readHints(batch, { streams, context: context(), hints, asides, now });
    const { rows, gone, timers, poll, failure } = read;
    await written(lease, { rows, gone, timers, historical: false, path: 'webhook' });
    for (const stream of poll) {
      const task = tasks.find((one) => one.name === `poll ${stream}`);
      if (task === undefined) continue;
      const state = { ...stateOf(task), dueAt: now() };
      cursor = { ...cursor, tasks: { ...cursor.tasks, [task.name]: state } };
    }
    if (failure === undefined) whole.worked();
    else {
      whole.failed(failure, now());
      input.onFailure(`${source.id} webhook`, failure);
    }
  };

  /** Whether calls were counted that a restart must not forget. */
  const isCounting = (): boolean => now() - keptAt >= KEEP_EVERY && Object.keys(limiter.counts()).length > 0;

  const pageOf = (task: Task, run: NonNullable<TaskState['run']>) =>
    readPage({
      name: task.stream,
      stream: streams[task.stream]!,
      run,
      context: context(),
      divides: standingOf(task.name).tries >= PATIENT_TRIES,
      now,
    });
  /** The state of a task with a reading begun: a back-fill asks how many rows there are. */
  const begun = async (task: Task): Promise<TaskState & { readonly run: NonNullable<TaskState['run']> }> => {
    const state = stateOf(task);
    if (state.run !== undefined) return { ...state, run: state.run };
    const run = runOf(task, streams[task.stream]!, cursor.newest[task.stream] ?? firstNewest(now()), now());
    const total = task.mode === 'backfill' ? await countOf(task, run) : undefined;
    return { ...state, run, ...(total === undefined ? {} : { total }) };
  };
  const countOf = async (task: Task, run: NonNullable<TaskState['run']>): Promise<number | undefined> => {
    const { count } = streams[task.stream]!;
    if (count === undefined) return undefined;
    const counted = await asked(() => count(countQuery(run), context()));
    return 'failure' in counted ? undefined : counted.count;
  };
  /** How a task stands after a page. At the end of a back-fill it is counted again. */
  const afterPage = async (
    task: Task,
    state: Awaited<ReturnType<typeof begun>>,
    page: PageRead,
  ): Promise<TaskState> => {
    const read = state.read + page.count;
    if (page.next !== undefined) return { ...state, read, run: page.next };
    const total = task.mode === 'backfill' ? await countOf(task, state.run) : undefined;
    const ended = endOf(task, streams[task.stream]!, { ...state, read }, now());
    return total === undefined ? ended : { ...ended, total };
  };
  const readOn = async (lease: Lease<string>, task: Task): Promise<void> => {
    const standing = standingOf(task.name);
    const isNew = stateOf(task).run === undefined;
    // What is under way has perhaps passed what somebody hurries for.
    if (isNew) turns.begun(task);
    const state = await begun(task);
    const ready = prefetched?.run === state.run ? prefetched.page : undefined;
    prefetched = undefined;
    const page = await (ready ?? pageOf(task, state.run));
    if ('failure' in page) {
      failed(standing, task.stream, page.failure);
      return;
    }
    const historical = task.mode === 'backfill';
    if (historical && !paces.has(task.name)) paces.set(task.name, { at: now(), read: state.read });
    const last = cursor.newest[task.stream];
    const polled = task.mode === 'poll' ? page.keys : [];
    const newest = polled.reduce((most, { at }) => later(most, at, now()), last ?? firstNewest(now()));
    const next = await afterPage(task, state, page);
    // The next page is under way while this one is written.
    if (historical && next.run !== undefined) prefetched = { run: next.run, page: pageOf(task, next.run) };
    for (const one of page.spoilt) asides.add(one);
    await written(lease, {
      rows: page.rows,
      cursor: withTask(task.name, next, { ...cursor.newest, [task.stream]: newest }),
      idle: task.mode === 'poll' && isNew && page.next === undefined && newest === last && !isCounting(),
      historical,
      path: task.stream,
    });
    standing.worked();
    whole.worked();
  };
  /** Reads a row again that was set aside, by its place. */
  const readAgain = async (lease: Lease<string>, one: SetAside): Promise<void> => {
    const stream = streams[one.stream];
    if (stream?.page === undefined || one.query === undefined) return;
    const { limit, ...run } = one.query;
    const page = await readPage({
      name: one.stream,
      stream: { ...stream, pageSize: limit },
      run,
      context: context(),
      divides: false,
      now,
    });
    if ('failure' in page) {
      failed(createStanding(), one.stream, page.failure);
      return;
    }
    if (one.row === undefined) asides.remove(one.key);
    await written(lease, { rows: page.rows, historical: false, path: one.stream });
  };

  const untilNext = (present: number): number => {
    const due = Math.min(turns.dueAt(tasks), hints.nextDue() ?? Infinity, subscription.dueAt());
    const next = Math.min(FAR + present, due);
    return Math.max(1, next - present);
  };
  const beginCursor = async (lease: Lease<string>): Promise<void> => {
    const missing = Object.keys(streams).filter((name) => cursor.newest[name] === undefined);
    const isNew = tasks.some(({ name }) => cursor.tasks[name] === undefined);
    if (missing.length === 0 && !isNew) return;
    const first = Object.fromEntries(missing.map((name) => [name, firstNewest(now())]));
    const begins = Object.fromEntries(tasks.map((task) => [task.name, stateOf(task)]));
    const next = { ...cursor, newest: { ...first, ...cursor.newest }, tasks: begins };
    await written(lease, { rows: [], cursor: next, historical: false, path: 'shop' });
  };

  return {
    hints,
    asides,
    limiter,
    subscription,
    context,
    async work() {
      const lease = await leaseOf();
      if (lease === undefined) return TAKE_AGAIN;
      if (input.closed?.() === true) return LOOK_AGAIN;
      await beginCursor(lease);
      const parked = limiter.waitMs();
      const wait = Math.max(whole.until - now(), parked > PATIENCE ? parked : 0);
      if (wait > 0) return wait;
      await subscription.see();
      const batch = hints.begin(now(), BATCH);
      if (batch.length > 0) await lookInto(lease, batch);
      const [again, ...rest] = wanted;
      wanted = rest;
      if (again !== undefined) await readAgain(lease, again);
      const task = turns.next(tasks, now());
      if (task === undefined) return batch.length > 0 || again !== undefined ? 0 : untilNext(now());
      if (batch.length > 0 || task.mode !== 'backfill') prefetched = undefined;
      if (task.mode === 'backfill') {
        if (batch.length > 0) return 0;
        const busy = await input.room();
        if (busy > 0) return busy;
      }
      await readOn(lease, task);
      return 0;
    },
    lost() {
      owner.lost();
      prefetched = undefined;
    },
    broke(error) {
      const message = error instanceof Error ? error.message : String(error);
      const failure = { status: 'retry', code: 'source_failed', message } as const;
      whole.failed(failure, now());
      input.onFailure(`${source.id} shop`, failure);
      return Math.max(1, whole.until - now());
    },
    pasts(next) {
      tasks = tasksOf(streams, next);
    },
    hurry(modes) {
      turns.hurry(tasks, modes);
    },
    status: () =>
      statusOf({
        source: source.id,
        streams,
        tasks,
        stateOf,
        standingOf,
        whole,
        paces,
        hints,
        asides,
        limiter,
        now,
      }),
    async again(keys) {
      const chosen = asides.list().filter(({ key }) => keys === undefined || keys.includes(key));
      const byId = chosen.flatMap(({ stream, row }) =>
        row === undefined || streams[stream]?.get === undefined ? [] : [{ stream, id: row }],
      );
      if (byId.length > 0) await hints.take(byId, now());
      wanted = chosen.filter(({ stream, row }) => row === undefined || streams[stream]?.get === undefined);
      return chosen.length;
    },
    release: () => owner.release(),
  };
}
