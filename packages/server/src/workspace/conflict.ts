import { Failure } from '../failure.ts';
import type { FullVersion, History } from './history.ts';

/** The version that an edit is based on: `*` for whichever there is, undefined when the edit does not say. */
export type Based = number | '*' | undefined;

/** The two versions that meet when something was changed by somebody else meanwhile. */
export interface VersionConflict {
  /** What it is, as the admin API addresses it: `destinations/shop/mappings/orders`. */
  readonly what: string;
  /** The version that the edit is based on, and the present one; only their numbers when they are not kept. */
  readonly yours: NumberedVersion;
  readonly current: NumberedVersion;
}

/** A version, or at least its number. */
export type NumberedVersion = FullVersion | Pick<FullVersion, 'version'>;

/** The failure of an edit that is based on another version than the present one, with both. */
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
