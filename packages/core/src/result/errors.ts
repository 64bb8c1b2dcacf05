import { DESTINATION_ERRORS } from './errors/destination.ts';
import type { ErrorEntry } from './errors/entry.ts';
import { EVENT_ERRORS } from './errors/event.ts';
import { MAPPING_ERRORS } from './errors/mapping.ts';
import { SERVER_ERRORS } from './errors/server.ts';
import { SOURCE_ERRORS } from './errors/source.ts';
import { WORKSPACE_ERRORS } from './errors/workspace.ts';

export type { ErrorEntry };

/**
 * Every error and reason code of Waybill. A code begins with its noun and never changes its meaning.
 * `docs/errors.md` is generated from this table.
 */
export const ERRORS = {
  ...EVENT_ERRORS,
  ...MAPPING_ERRORS,
  ...DESTINATION_ERRORS,
  ...SOURCE_ERRORS,
  ...WORKSPACE_ERRORS,
  ...SERVER_ERRORS,
} as const satisfies Record<string, ErrorEntry>;

/** A code of the registry. */
export type ErrorCode = keyof typeof ERRORS;

/** Returns the registry's entry of a code; undefined for an unknown code. */
export function errorEntry(code: string): ErrorEntry | undefined {
  return Object.hasOwn(ERRORS, code) ? ERRORS[code as ErrorCode] : undefined;
}
