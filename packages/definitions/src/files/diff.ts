import { existsSync, readFileSync } from 'node:fs';
import { type Event, type Workspace, workspaceShapeIssues } from '@waybill/core';
import type { Change } from '../diff/change.ts';
import { diffDefinitions } from '../diff/diff.ts';
import { type Impact, impactOn } from '../diff/impact.ts';
import { VersionError } from '../diff/read.ts';
import { compareSources } from '../diff/sources.ts';
import { lastRelease, readBoth } from './versions.ts';

/** Two versions, and files to check the impact on. */
export interface DiffInput {
  /** A git reference, a module or package, a folder, or a file; `release` for the last release tag. */
  readonly base: string;
  /** Like `from`. */
  readonly head: string;
  /** A workspace whose mappings are checked under both versions. */
  readonly workspace?: string;
  /** Events to run through both versions, one JSON object per line. */
  readonly events?: string;
}

/** The changes, and their impact on the workspace. */
export interface DiffResult {
  readonly changes: readonly Change[];
  readonly impact?: Impact;
}

/** Compares two versions; undefined when there is no release to compare with. Throws a VersionError for what cannot be read. */
export async function diffVersions({
  base,
  head,
  workspace,
  events,
}: DiffInput): Promise<DiffResult | undefined> {
  const name = base === 'release' ? lastRelease() : base;
  if (name === undefined) return undefined;
  const [old, now] = [await readBoth(name), await readBoth(head)];
  const [before, after] = [old.destinations, now.destinations];
  // Files alone do not say whether there were sources.
  const ofSources =
    old.sources === undefined || now.sources === undefined ? [] : compareSources(old.sources, now.sources);
  const changes = [...diffDefinitions(before, after), ...ofSources];
  if (workspace === undefined) return { changes };
  return {
    changes,
    impact: impactOn(readWorkspace(workspace), before, after, changes, readEvents(events)),
  };
}

function readEvents(file: string | undefined): readonly Event[] {
  if (file === undefined) return [];
  if (!existsSync(file)) throw new VersionError(`There is no file of events at ${file}.`);
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as Event];
    } catch {
      throw new VersionError(`${file}: line ${index + 1} is not JSON.`);
    }
  });
}

function readWorkspace(file: string): Workspace {
  if (!existsSync(file)) throw new VersionError(`There is no workspace file at ${file}.`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new VersionError(`${file} is not JSON.`);
  }
  const [issue] = workspaceShapeIssues(value);
  if (issue !== undefined) throw new VersionError(`${file}: ${issue.path}: ${issue.message}`);
  return value as Workspace;
}
