import { Failure } from '../failure.ts';
import type { FullVersion, History } from './history.ts';

/** The version that an edit is based on: `*` for any, undefined when not given. */
export type Based = number | '*' | undefined;

/** The two versions of a conflict with a concurrent change. */
export interface VersionConflict {
  /** Its path in the admin API: `destinations/shop/mappings/orders`. */
  readonly what: string;
  /** The version that the edit is based on, and the current one; only their numbers when they are no longer stored. */
  readonly yours: NumberedVersion;
  readonly current: NumberedVersion;
}

/** A version, or at least its number. */
export type NumberedVersion = FullVersion | Pick<FullVersion, 'version'>;

/** Creates the failure of an edit based on another version than the current one, with both. */
export async function conflict(
  history: History,
  what: string,
  yours: number,
  current: number,
): Promise<Failure> {
  const read = async (version: number): Promise<NumberedVersion> =>
    (await history.version(what, version)) ?? { version };
  const versions: VersionConflict = { what, yours: await read(yours), current: await read(current) };
  const message = `${what} is at version ${current}; the change is based on version ${yours}.`;
  return new Failure('workspace_version_conflict', message, [], undefined, { conflict: versions });
}
