import type { Event, EventExplanation, Issue, Outcome, Skipped } from '@waybill/core';

/** A try that a page requests. */
export interface TryInput {
  readonly action: string;
  readonly trigger: string;
  readonly mapping: Readonly<Record<string, unknown>>;
  readonly event: unknown;
  /** Settings from the page; they take precedence over those of the file. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly send: boolean;
}

/** A request of an action, sent or not, without secrets. */
export interface TriedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, parsed when it is JSON. */
  readonly body?: unknown;
  readonly response?: { readonly status: number; readonly body?: unknown };
  /** Why there was no answer. */
  readonly failure?: string;
}

/** The result of a try. */
export interface TryResult {
  /** Problems of the event, the mapping or the settings that prevented it. */
  readonly problems: readonly string[];
  readonly event?: Event;
  readonly matched?: boolean;
  readonly skipped?: Skipped;
  readonly explanation?: EventExplanation['mappings'][number];
  readonly payload?: unknown;
  readonly issues?: readonly Issue[];
  readonly outcome?: Outcome;
  readonly requests?: readonly TriedRequest[];
  readonly sent?: boolean;
}
