import type { JsonObject } from '../json.ts';

/** A message, campaign or journey that a caller asked for. */
export interface Send {
  readonly seq: number;
  readonly at: number;
  readonly endpoint: string;
  /** The request as it came. */
  readonly request: JsonObject;
}
