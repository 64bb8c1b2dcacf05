import type { ShopFailure, ShopStream, SourceContext } from '@waybill/core';
import type { Lease } from '@waybill/delivery';
import type { Agenda } from './agenda.ts';
import type { Asides } from './aside.ts';
import type { Keeping } from './keeping.ts';
import { asked, type PageRead, readPage } from './read-task.ts';
import type { Away } from './remote/client.ts';
import type { Rows } from './rows.ts';
import type { Run } from './run.ts';
import type { Standings } from './standing.ts';
import type { Pace } from './status.ts';
import { countQuery, endOf, firstNewest, later, runOf, type Task, type TaskState } from './tasks.ts';

/** Reads the tasks of a shop page by page. */
export interface Pages {
  /** When and where this process started or continued each back-fill. */
  readonly paces: ReadonlyMap<string, Pace>;
  /**
   * Reads the next page of a task, and writes its results; if limited to a number of events, the next call continues with the
   * page.
   */
  readOn(lease: Lease<string>, task: Task, most?: number): Promise<void>;
  /** Drops the prefetched page. */
  forget(): void;
}

/** The inputs of reading pages. */
export interface PagesInput {
  readonly streams: Readonly<Record<string, ShopStream>>;
  readonly agenda: Agenda;
  readonly keeping: Keeping;
  readonly standings: Standings;
  readonly asides: Asides;
  readonly context: () => SourceContext;
  /** Reads pages in another thread, if there is one. */
  readonly away?: Away | undefined;
  readonly now: () => number;
}

/** A page, read in any thread. */
type Page = PageRead<Rows>;

/** The state of a running task. */
type Begun = TaskState & { readonly run: Run };

/** The number of attempts after which a failing page is bisected. */
const PATIENT_TRIES = 2;

/** A page that is written in parts, with the number of written rows. The position after it is written with the last part. */
interface OpenPage {
  /** The state of the task before further writes. */
  readonly kept: TaskState;
  readonly page: Page;
  readonly next: TaskState;
  readonly newest: string;
  readonly isIdle: boolean;
  readonly written: number;
}

/** Creates the reader of pages, with prefetch for back-fills. */
export function createPages(input: PagesInput): Pages {
  const { agenda, keeping, standings, asides, now } = input;
  const paces = new Map<string, Pace>();
  let ahead: { readonly run: Run; readonly page: ReturnType<typeof pageOf> } | undefined;
  let begunPage: OpenPage | undefined;
  /** The recent number of events per row. */
  let eventsOfRow = 1;
  let forgotten = 0;
  /** The number of news when the page was prefetched. */
  let known = keeping.news;
  const forget = (): void => {
    forgotten += 1;
    ahead = undefined;
    begunPage = undefined;
  };
  const read = (task: Task, run: Run): ReturnType<typeof pageOf> => pageOf(task, run, forgotten, input);

  const open = async (task: Task): Promise<OpenPage | undefined> => {
    const isPast = task.mode === 'backfill';
    // A prefetched page may be older than later results.
    if (isPast && keeping.news !== known) forget();
    const found = isPast ? begunPage : undefined;
    if (isPast) [begunPage, known] = [undefined, keeping.news];
    const kept = agenda.stateOf(task);
    if (found?.kept === kept) return found;
    const standing = standings.of(task.name);
    const isNew = kept.run === undefined;
    // The running task may have already passed the urgent rows.
    if (isNew) agenda.begun(task);
    const state = await begun(task, input);
    const ready = ahead?.run === state.run ? ahead.page : undefined;
    if (isPast) ahead = undefined;
    const page = await (ready ?? read(task, state.run));
    if ('failure' in page) {
      standings.failed(standing, task.stream, page.failure);
      return undefined;
    }
    if (isPast && !paces.has(task.name)) paces.set(task.name, { at: now(), read: state.read });
    const last = keeping.cursor.newest[task.stream];
    const newest = newestAfter(task, page, input);
    const next = await afterPage(task, state, page, input);
    if (isPast && next.run !== undefined) ahead = { run: next.run, page: read(task, next.run) };
    for (const one of page.spoilt) asides.add(one);
    const isIdle = task.mode === 'poll' && isNew && page.next === undefined && newest === last;
    return { kept, page, next, newest, isIdle, written: 0 };
  };

  return {
    paces,
    forget,
    async readOn(lease, task, most = Infinity) {
      const one = await open(task);
      if (one === undefined) return;
      const { page, next, newest, isIdle, written } = one;
      const end = written + Math.max(1, Math.floor(most / eventsOfRow));
      const rows = page.rows.slice(written, end);
      const historical = task.mode === 'backfill';
      const isLast = end >= page.rows.length;
      const last = {
        cursor: agenda.cursorWith(task, next, { ...keeping.cursor.newest, [task.stream]: newest }),
        idle: isIdle && !keeping.isCounting(),
      };
      if (!isLast) begunPage = { ...one, written: end };
      const step = { rows, historical, path: task.stream };
      const events = await keeping.write(lease, isLast ? { ...step, ...last } : step);
      if (historical) known = keeping.news;
      if (historical && rows.length > 0) eventsOfRow = Math.max(1, events / rows.length);
      standings.of(task.name).worked();
      standings.whole.worked();
    },
  };
}

/** Starts a reading: a back-fill reads the number of rows. */
async function begun(task: Task, input: PagesInput): Promise<Begun> {
  const { streams, agenda, keeping, now } = input;
  const state = agenda.stateOf(task);
  if (state.run !== undefined) return { ...state, run: state.run };
  const newest = keeping.cursor.newest[task.stream] ?? firstNewest(now());
  const run = runOf(task, streams[task.stream]!, newest, now());
  const total = task.mode === 'backfill' ? await countOf(task, run, input) : undefined;
  return { ...state, run, ...(total === undefined ? {} : { total }) };
}

/** Returns the state of a task after a page. At the end of a back-fill rows are counted again. */
async function afterPage(task: Task, state: Begun, page: Page, input: PagesInput): Promise<TaskState> {
  const read = state.read + page.count;
  if (page.next !== undefined) return { ...state, read, run: page.next };
  const total = task.mode === 'backfill' ? await countOf(task, state.run, input) : undefined;
  const ended = endOf(task, input.streams[task.stream]!, { ...state, read }, input.now());
  return total === undefined ? ended : { ...ended, total };
}

/** Returns the time of the newest row of a stream after a page of a poll. */
function newestAfter(task: Task, page: Page, { keeping, now }: PagesInput): string {
  const last = keeping.cursor.newest[task.stream] ?? firstNewest(now());
  const polled = task.mode === 'poll' ? page.keys : [];
  return polled.reduce((most, { at }) => later(most, at, now()), last);
}

async function countOf(task: Task, run: Run, { streams, context }: PagesInput): Promise<number | undefined> {
  const { count } = streams[task.stream]!;
  if (count === undefined) return undefined;
  const counted = await asked(() => count(countQuery(run), context()));
  return 'failure' in counted ? undefined : counted.count;
}

function pageOf(
  { name, stream, mode }: Task,
  run: Run,
  forgotten: number,
  { streams, standings, context, away, now }: PagesInput,
): Promise<Page | ShopFailure> {
  const divides = standings.of(name).tries >= PATIENT_TRIES;
  // A poll returns few rows, and is read in this thread.
  if (mode !== 'poll' && away?.isOn() === true)
    return away.readPage({ stream, run, divides, ...(mode === 'backfill' ? { forgotten } : {}) });
  return readPage({ name: stream, stream: streams[stream]!, run, context: context(), divides, now });
}
