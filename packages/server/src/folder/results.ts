import { chmodSync, copyFileSync, existsSync, readdirSync, rmSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from './durable.ts';

/*
 * Results of audience sources: files below `audiences`, which runs write once and refer to by their names. The log knows which of them count.
 */

const RESULT = /^audiences\/[A-Za-z0-9_-]+\/run-[A-Za-z0-9-]+\/[a-z]+\.(parquet|jsonl)$/;

/** Whether a name is that of a file of results. */
export function isResult(name: string): boolean {
  return RESULT.test(name);
}

/** The files of results within a folder, by their names there. */
export function resultsIn(folder: string): readonly string[] {
  const root = join(folder, 'audiences');
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => `audiences/${name.replaceAll('\\', '/')}`)
    .filter(isResult)
    .sort();
}

/**
 * Copies the results that are not in the copy yet, or were written since they were copied. A run that goes on meanwhile writes new ones and
 * removes old ones: what a log of in between refers to is there before or after it.
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
      // It was replaced a moment ago.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

function isSame(source: Stats, target: Stats): boolean {
  return source.size === target.size && source.mtimeMs < target.mtimeMs;
}
