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
  /** When and where the back-fills were that this process has gone on with. */
  readonly paces: ReadonlyMap<string, Pace>;
  /**
   * Reads the next page of a task, and writes what it has brought. For about so many events only, where that is said: the next call
   * goes on with the page.
   */
  readOn(lease: Lease<string>, task: Task, most?: number): Promise<void>;
  /** Drops what was read ahead. */
  forget(): void;
}

/** What reading pages takes. */
export interface PagesInput {
  readonly streams: Readonly<Record<string, ShopStream>>;
  readonly agenda: Agenda;
  readonly keeping: Keeping;
  readonly standings: Standings;
  readonly asides: Asides;
  readonly context: () => SourceContext;
  /** Reads pages in another thread; absent where there is none. */
  readonly away?: Away | undefined;
  readonly now: () => number;
}

/** A page, wherever it was read. */
type Page = PageRead<Rows>;

/** The state of a task that is under way. */
type Begun = TaskState & { readonly run: Run };

/** Attempts after which a page that fails is divided. */
const PATIENT_TRIES = 2;

/** A page that is written part by part, and how many of its rows have been. The place after it is written with the last. */
interface OpenPage {
  /** How the task stands as long as nothing else has been written of it. */
  readonly kept: TaskState;
  readonly page: Page;
  readonly next: TaskState;
  readonly newest: string;
  readonly isIdle: boolean;
  readonly written: number;
}

/** Reads pages; the next one of a back-fill is under way while one is written. */
export function createPages(input: PagesInput): Pages {
  const { agenda, keeping, standings, asides, now } = input;
  const paces = new Map<string, Pace>();
  let ahead: { readonly run: Run; readonly page: ReturnType<typeof pageOf> } | undefined;
  let begunPage: OpenPage | undefined;
  /** Events that a row has told of lately. */
  let eventsOfRow = 1;
  let forgotten = 0;
  /** The news that what was read ahead is as new as. */
  let known = keeping.news;
  const forget = (): void => {
    forgotten += 1;
    ahead = undefined;
    begunPage = undefined;
  };
  const read = (task: Task, run: Run): ReturnType<typeof pageOf> => pageOf(task, run, forgotten, input);

  const open = async (task: Task): Promise<OpenPage | undefined> => {
    const isPast = task.mode === 'backfill';
    // A page that was read before may be older than what others have brought since.
    if (isPast && keeping.news !== known) forget();
    const found = isPast ? begunPage : undefined;
    if (isPast) [begunPage, known] = [undefined, keeping.news];
    const kept = agenda.stateOf(task);
    if (found?.kept === kept) return found;
    const standing = standings.of(task.name);
    const isNew = kept.run === undefined;
    // What is under way has perhaps passed what somebody hurries for.
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

/** The state of a task with a reading begun: a back-fill asks how many rows there are. */
async function begun(task: Task, input: PagesInput): Promise<Begun> {
  const { streams, agenda, keeping, now } = input;
  const state = agenda.stateOf(task);
  if (state.run !== undefined) return { ...state, run: state.run };
  const newest = keeping.cursor.newest[task.stream] ?? firstNewest(now());
  const run = runOf(task, streams[task.stream]!, newest, now());
  const total = task.mode === 'backfill' ? await countOf(task, run, input) : undefined;
  return { ...state, run, ...(total === undefined ? {} : { total }) };
}

/** How a task stands after a page. At the end of a back-fill it is counted again. */
async function afterPage(task: Task, state: Begun, page: Page, input: PagesInput): Promise<TaskState> {
  const read = state.read + page.count;
  if (page.next !== undefined) return { ...state, read, run: page.next };
  const total = task.mode === 'backfill' ? await countOf(task, state.run, input) : undefined;
  const ended = endOf(task, input.streams[task.stream]!, { ...state, read }, input.now());
  return total === undefined ? ended : { ...ended, total };
}

/** When the newest row of a stream has changed, after a page: polls tell. */
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
  // A poll brings a row or two, and is read where the rest of it is done.
  if (mode !== 'poll' && away?.isOn() === true)
    return away.readPage({ stream, run, divides, ...(mode === 'backfill' ? { forgotten } : {}) });
  return readPage({ name: stream, stream: streams[stream]!, run, context: context(), divides, now });
}
