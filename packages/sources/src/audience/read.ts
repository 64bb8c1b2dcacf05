import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ErrorCode, failed, type SourceContext, type SourcePlace, type StreamPage } from '@waybill/core';
import { AudienceError } from './engine.ts';
import { eventOf } from './events.ts';
import { clear, folderOf, readChanges, readWish } from './folder.ts';
import { CHANGES, type Compared } from './job.ts';
import { checkKept, compareApart, newRunFolder } from './runner.ts';
import type { AudienceSettings } from './settings.ts';
import { type Run, type Standing, standingOf, type Wished } from './standing.ts';

/** Changes that become events in one step. */
const PAGE = 500;

/** A comparison under way: between two looks at it the loop is free. */
interface UnderWay {
  readonly folder: string;
  readonly at: number;
  readonly wish: string | undefined;
  readonly ended: Promise<void>;
  came?: Compared | AudienceError;
}

const UNDER_WAY = 'under way';

/** How long a step waits for a comparison before it is looked at again, in milliseconds. */
const PATIENCE = 1_000;

type Page = StreamPage<Standing>;

/** One step of an audience source: a part of the changes of a run, or what a run came to, or nothing. */
export async function readAudience(cursor: unknown, context: SourceContext<AudienceSettings>): Promise<Page> {
  const { place, settings, memory, now } = context;
  if (place === undefined)
    return {
      failure: failed('source_failed', 'An audience source needs a data folder, and the server has none.'),
    };
  const folder = folderOf(place);
  const standing = withoutLost(standingOf(cursor), folder);
  try {
    if (standing.now !== undefined) return await sendOn(standing, standing.now, { place, settings, folder });
    const under = memory.get(UNDER_WAY) as UnderWay | undefined;
    if (under === undefined) {
      const wish = wishOf(folder, standing);
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
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof AudienceError ? (error.code as ErrorCode) : 'source_failed';
    return { failure: failed(code, message) };
  }
}

/** A run whose changes are not there any more is over when somebody asks for a new start. */
function withoutLost(standing: Standing, folder: string): Standing {
  const { now, ...rest } = standing;
  if (now === undefined || existsSync(join(folder, now.folder, CHANGES))) return standing;
  return wishOf(folder, standing)?.what === 'reset' ? { ...rest, run: now.run } : standing;
}

function nothing(standing: Standing): Page {
  return { events: [], cursor: standing, more: false };
}

/** What a person wants, unless that was done. */
function wishOf(folder: string, standing: Standing): Wished | undefined {
  const wish = readWish(folder);
  return wish === undefined || wish.id === standing.wish ? undefined : wish;
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

/** A person has said what becomes of a run that was held. */
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
  const ended = compareApart({ place, settings, last }, folder).then(
    (compared) => void (under.came = compared),
    (error: unknown) =>
      void (under.came =
        error instanceof AudienceError ? error : new AudienceError('source_failed', String(error))),
  );
  const under: UnderWay = { folder, at, wish: wish?.id, ended };
  return under;
}

/** The number of the next run: one that was held has had its own. */
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

/** The next changes of a run; with the last of them what it was compared with is the past. */
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

/** Waits for a while at most. */
async function soon(work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, PATIENCE);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
