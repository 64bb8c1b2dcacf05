import type { JsonObject } from '../json.ts';

/** A requested message, campaign or journey. */
export interface Send {
  readonly seq: number;
  readonly at: number;
  readonly endpoint: string;
  /** The original request. */
  readonly request: JsonObject;
}
