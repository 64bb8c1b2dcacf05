import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { SourcePlace } from '@waybill/core';
import { folderOf } from './folder.ts';
import type { Change, Counts, LastResult } from './job.ts';
import { compareApart, newRunFolder } from './runner.ts';
import type { AudienceSettings } from './settings.ts';
import { filesOfResult, standingOf, type Wish, type Wished } from './standing.ts';
import { restoreFiles } from './stored.ts';

/** The result of a run, for people. */
export interface RunTold {
  readonly counts: Counts;
  readonly rows: number;
  /** Rows of the previous result. */
  readonly before: number;
}

/** The status of an audience source, for people. */
export interface AudienceStanding {
  /** The last run whose changes were sent. */
  readonly last?: RunTold & { readonly run: number; readonly at: number };
  readonly sending?: RunTold & { readonly run: number; readonly at: number; readonly sent: number };
  /** A run that removes too much, and waits for confirmation. */
  readonly held?: RunTold & {
    readonly run: number;
    readonly at: number;
    readonly samples: readonly Change[];
  };
}

/** Returns the status of a source from the cursor of its stream. */
export function audienceStanding(cursor: unknown): AudienceStanding {
  const { run, at, done, now, held } = standingOf(cursor);
  return {
    ...(done === undefined ? {} : { last: { run, at: at ?? 0, ...done } }),
    ...(now === undefined ? {} : { sending: { ...told(now), sent: now.sent } }),
    ...(held === undefined ? {} : { held: { ...told(held), samples: held.samples } }),
  };
}

function told<T extends RunTold & { readonly run: number; readonly at: number }>(
  one: T,
): RunTold & { readonly run: number; readonly at: number } {
  const { run, at, counts, rows, before } = one;
  return { run, at, counts, rows, before };
}

/** Stores a decision of a person; the source applies it in its next step. */
export function wishAudience({ note }: SourcePlace, what: Wish, run?: number): Promise<void> {
  const wished: Wished = { id: randomUUID(), what, ...(run === undefined ? {} : { run }) };
  return note.leave(JSON.stringify(wished));
}

/** Returns the result of a run now, without any effect. Rejects with an AudienceError. */
export async function dryRunAudience(
  place: SourcePlace,
  settings: unknown,
  cursor: unknown,
): Promise<RunTold & { readonly samples: readonly Change[]; readonly held: boolean }> {
  const { last, now, run } = standingOf(cursor);
  const own = settings as AudienceSettings;
  // The run that is being sent is the base of the next one.
  const name = newRunFolder(run).replace('run-', 'dry-');
  try {
    const earlier = await resultHere(place, now?.result ?? last, name);
    const compared = await compareApart({ place, settings: own, last: earlier }, name);
    const { counts, rows, before, samples } = compared;
    const held = counts.removed > (before * (own.maxRemovedPercent ?? 20)) / 100;
    return { counts, rows, before, samples, held };
  } finally {
    rmSync(join(folderOf(place), name), { recursive: true, force: true });
  }
}

/** Returns the result in local files: those of another process come from the store. */
async function resultHere(
  place: SourcePlace,
  result: LastResult | undefined,
  name: string,
): Promise<LastResult | undefined> {
  const folder = folderOf(place);
  const files = filesOfResult(result);
  if (result === undefined || place.values === undefined) return result;
  if (files.every((file) => existsSync(join(folder, file)))) return result;
  const targetOf = (file: string): string => `${name}/before/${basename(file)}`;
  const wanted = files.map((file) => ({ name: file, target: targetOf(file) }));
  await restoreFiles(place.values, folder, wanted);
  const { base, plus, gone } = result;
  return {
    ...result,
    base: targetOf(base),
    ...(plus === undefined ? {} : { plus: targetOf(plus) }),
    ...(gone === undefined ? {} : { gone: targetOf(gone) }),
  };
}
