import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ErrorCode, failed, type SourceContext, type SourcePlace, type StreamPage } from '@waybill/core';
import { AudienceError } from './engine.ts';
import { eventOf } from './events.ts';
import { clear, folderOf, readChanges } from './folder.ts';
import { CHANGES, type Compared } from './job.ts';
import { checkKept, compareApart, type Comparison, newRunFolder } from './runner.ts';
import type { AudienceSettings } from './settings.ts';
import {
  filesOf,
  filesOfResult,
  filesOfRun,
  type Run,
  type Standing,
  standingOf,
  type Wished,
} from './standing.ts';
import { forgetFiles, type OwnValues, restoreFiles, storeFiles } from './stored.ts';

/** Changes that become events in one step. */
const PAGE = 500;

/** A running comparison: the event loop is free between two checks of it. */
interface UnderWay {
  readonly folder: string;
  readonly at: number;
  readonly wish: string | undefined;
  /** The run that it was based on: another process may have made a run meanwhile. */
  readonly after: string;
  readonly ended: Promise<void>;
  came?: Compared | AudienceError;
}

const UNDER_WAY = 'under way';

/** Files being copied from the store to the folder. */
interface Bringing {
  readonly files: string;
  readonly ended: Promise<void>;
  came?: 'brought' | AudienceError;
}

const BRINGING = 'bringing';

/** The maximum wait of a step for a comparison, in milliseconds. */
const PATIENCE = 1_000;

type Page = StreamPage<Standing>;

/** Runs one step of an audience source: returns a part of the changes of a run, the result of a run, or nothing. */
export async function readAudience(cursor: unknown, context: SourceContext<AudienceSettings>): Promise<Page> {
  const { place, settings, memory, now } = context;
  if (place === undefined)
    return {
      failure: failed('source_failed', 'An audience source needs a data folder, and the server has none.'),
    };
  const folder = folderOf(place);
  try {
    const wish = wishOf(await place.note.read(), standingOf(cursor));
    if (!(await hasFiles(standingOf(cursor), context, place))) return nothing(standingOf(cursor));
    const standing = withoutLost(standingOf(cursor), folder, wish);
    if (standing.now !== undefined) return await sendOn(standing, standing.now, { place, settings, folder });
    const under = underWay(standing, memory);
    if (under === undefined) {
      if (wish?.what === 'confirm') return answered(standing, wish);
      if (!isDue(standing, settings, wish, now())) return nothing(standing);
      const begun = begin(standing, { place, settings, wish, at: now() });
      clear(folder, standing, [begun.folder]);
      memory.set(UNDER_WAY, begun);
      await soon(begun.ended);
      return nothing(standing);
    }
    await soon(under.ended);
    if (under.came === undefined) return nothing(standing);
    memory.delete(UNDER_WAY);
    if (under.came instanceof AudienceError) throw under.came;
    return concluded(standing, under, under.came, settings);
  } catch (error) {
    memory.delete(UNDER_WAY);
    memory.delete(BRINGING);
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof AudienceError ? (error.code as ErrorCode) : 'source_failed';
    return { failure: failed(code, message) };
  }
}

/** A run whose changes are missing ends when a person requests a restart. */
function withoutLost(standing: Standing, folder: string, wish: Wished | undefined): Standing {
  const { now, ...rest } = standing;
  if (now === undefined || existsSync(join(folder, now.folder, CHANGES))) return standing;
  return wish?.what === 'reset' ? { ...rest, run: now.run } : standing;
}

/** Returns the running comparison, unless it is based on another run than the current last one. */
function underWay(standing: Standing, memory: Map<string, unknown>): UnderWay | undefined {
  const under = memory.get(UNDER_WAY) as UnderWay | undefined;
  if (under === undefined || under.after === pastOf(standing)) return under;
  memory.delete(UNDER_WAY);
  return undefined;
}

function pastOf({ run, last, held }: Standing): string {
  return JSON.stringify([run, last, held?.run]);
}

/** Copies the files of the next step from the store, where another process has made them. Returns false while the copy is running. */
async function hasFiles(
  { last, now, held }: Standing,
  { memory }: SourceContext<AudienceSettings>,
  { values, ...place }: SourcePlace,
): Promise<boolean> {
  const needed =
    now === undefined
      ? [...filesOfResult(last), ...(held === undefined ? [] : filesOfRun(held))]
      : filesOfRun(now);
  const folder = folderOf(place);
  const missing = needed.filter((name) => !existsSync(join(folder, name)));
  if (values === undefined || missing.length === 0) {
    memory.delete(BRINGING);
    return true;
  }
  const files = needed.join();
  let bringing = memory.get(BRINGING) as Bringing | undefined;
  if (bringing?.files !== files) {
    const wanted = missing.map((name) => ({ name, target: name }));
    const ended = restoreFiles(values, folder, wanted).then(
      () => void (begun.came = 'brought'),
      (error: unknown) => void (begun.came = asAudienceError(error)),
    );
    const begun: Bringing = { files, ended };
    bringing = begun;
    memory.set(BRINGING, begun);
  }
  await soon(bringing.ended);
  if (bringing.came instanceof AudienceError) throw bringing.came;
  // A file that is missing in the store too is reported by its reader.
  return bringing.came !== undefined;
}

function asAudienceError(error: unknown): AudienceError {
  return error instanceof AudienceError ? error : new AudienceError('source_failed', String(error));
}

function nothing(standing: Standing): Page {
  return { events: [], cursor: standing, more: false };
}

/** Returns the decision of a person, unless it was applied. */
function wishOf(note: string | undefined, standing: Standing): Wished | undefined {
  if (note === undefined || note === '') return undefined;
  const wish = JSON.parse(note) as Wished;
  return wish.id === standing.wish ? undefined : wish;
}

function isDue(
  { at }: Standing,
  { everyMinutes = 60 }: AudienceSettings,
  wish: Wished | undefined,
  now: number,
): boolean {
  if (wish !== undefined) return true;
  if (everyMinutes === 0) return false;
  return at === undefined || now >= at + everyMinutes * 60_000;
}

/** A person has decided about a paused run. */
function answered({ held, ...standing }: Standing, wish: Wished): Page {
  const done = { ...standing, wish: wish.id };
  if (held === undefined) return nothing(done);
  if (wish.run !== held.run) return nothing({ ...done, held });
  return { events: [], cursor: { ...done, now: { ...held, offset: 0, sent: 0 } }, more: true };
}

function begin(
  standing: Standing,
  {
    place,
    settings,
    wish,
    at,
  }: {
    readonly place: SourcePlace;
    readonly settings: AudienceSettings;
    readonly wish: Wished | undefined;
    readonly at: number;
  },
): UnderWay {
  const folder = newRunFolder(numberOf(standing));
  const last = wish?.what === 'reset' ? undefined : standing.last;
  const ended = compareAndStore({ place, settings, last }, folder, new Set(filesOf(standing))).then(
    (compared) => void (under.came = compared),
    (error: unknown) => void (under.came = asAudienceError(error)),
  );
  const under: UnderWay = { folder, at, wish: wish?.id, after: pastOf(standing), ended };
  return under;
}

/** Compares; when other processes may continue from the result, it is in the store before a status refers to it. */
async function compareAndStore(
  comparison: Comparison,
  folder: string,
  referred: ReadonlySet<string>,
): Promise<Compared> {
  const { place, settings } = comparison;
  const { read, write } = place.values ?? {};
  if (read === undefined || write === undefined) return compareApart(comparison, folder);
  const own: OwnValues = { read, write };
  await forgetFiles(own, referred);
  const compared = await compareApart(comparison, folder);
  try {
    const most = (settings.storeMb ?? 2_048) * 1024 * 1024;
    await storeFiles(own, folderOf(place), filesOfRun({ folder, result: compared.result }), most);
    return compared;
  } catch (error) {
    rmSync(join(folderOf(place), folder), { recursive: true, force: true });
    if (error instanceof AudienceError) await forgetFiles(own, referred);
    throw error;
  }
}

/** Returns the number of the next run: a paused one has its own. */
function numberOf({ run, held }: Standing): number {
  return Math.max(run, held?.run ?? 0) + 1;
}

function concluded(
  standing: Standing,
  under: UnderWay,
  compared: Compared,
  settings: AudienceSettings,
): Page {
  const { held: _held, ...rest } = standing;
  const { folder, at } = under;
  const run: Run = { run: numberOf(standing), folder, at, ...compared };
  const next = { ...rest, at, ...(under.wish === undefined ? {} : { wish: under.wish }) };
  const { removed } = compared.counts;
  const most = (compared.before * (settings.maxRemovedPercent ?? 20)) / 100;
  if (removed > most) return { events: [], cursor: { ...next, held: run }, more: false };
  return { events: [], cursor: { ...next, now: { ...run, offset: 0, sent: 0 } }, more: true };
}

/** Returns the next changes of a run; with the last of them the run becomes the base of the next one. */
async function sendOn(
  standing: Standing,
  run: NonNullable<Standing['now']>,
  {
    place,
    settings,
    folder,
  }: { readonly place: SourcePlace; readonly settings: AudienceSettings; readonly folder: string },
): Promise<Page> {
  checkKept(folder, { ...run.result, base: join(run.folder, CHANGES) });
  const { changes, next, more } = await readChanges(join(folder, run.folder), run.offset, PAGE);
  const of = { source: place.id, run: run.run, at: run.at, settings };
  const events = changes.map((change) => eventOf(change, of));
  if (more) {
    const now = { ...run, offset: next, sent: run.sent + events.length };
    return { events, cursor: { ...standing, now }, more: true };
  }
  const { now: _now, ...rest } = standing;
  const { counts, rows, before, result } = run;
  return {
    events,
    cursor: { ...rest, run: run.run, at: run.at, last: result, done: { counts, rows, before } },
    more: true,
  };
}

/** Waits for a limited time. */
async function soon(work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, PATIENCE);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
