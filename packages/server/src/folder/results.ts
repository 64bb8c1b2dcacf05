import { chmodSync, copyFileSync, existsSync, readdirSync, rmSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from './durable.ts';

/*
 * Results of audience sources: immutable files below `audiences`. The log refers to the current ones by name.
 */

const RESULT = /^audiences\/[A-Za-z0-9_-]+\/run-[A-Za-z0-9-]+\/[a-z]+\.(parquet|jsonl)$/;

/** Whether a name is that of a result file. */
export function isResult(name: string): boolean {
  return RESULT.test(name);
}

/** Returns the result files in a folder, by name. */
export function resultsIn(folder: string): readonly string[] {
  const root = join(folder, 'audiences');
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => `audiences/${name.replaceAll('\\', '/')}`)
    .filter(isResult)
    .sort();
}

/**
 * Copies missing or newer results. A concurrent run writes new ones and removes old ones: a log copied in between refers to
 * files that exist before or after it.
 */
export function copyResults(from: string, to: string): void {
  for (const name of resultsIn(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    try {
      if (existsSync(target) && isSame(statSync(source), statSync(target))) continue;
      makeFolder(dirname(target));
      copyFileSync(source, target);
      chmodSync(target, 0o600);
    } catch (error) {
      rmSync(target, { force: true });
      // Just replaced.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

function isSame(source: Stats, target: Stats): boolean {
  return source.size === target.size && source.mtimeMs < target.mtimeMs;
}
