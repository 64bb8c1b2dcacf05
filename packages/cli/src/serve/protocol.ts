import type { Event, EventExplanation, Issue, Outcome, Skipped } from '@waybill/core';
import type { PageData } from '@waybill/definitions';
import type { TestRequest } from '@waybill/testing';

/** What the page asks to be tried. */
export interface TryInput {
  readonly action: string;
  readonly trigger: string;
  readonly mapping: Readonly<Record<string, unknown>>;
  readonly event: unknown;
  /** Settings typed into the page; they go over those of the file. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly send: boolean;
}

/** What came of it. */
export interface TryResult {
  /** Problems with the event, the mapping or the settings that kept it from being tried. */
  readonly problems: readonly string[];
  readonly event?: Event;
  readonly matched?: boolean;
  readonly skipped?: Skipped;
  readonly explanation?: EventExplanation['mappings'][number];
  readonly payload?: unknown;
  readonly issues?: readonly Issue[];
  readonly outcome?: Outcome;
  readonly requests?: readonly TestRequest[];
  readonly sent?: boolean;
}

/** What the thread of the destination is started with. */
export interface ThreadData {
  /** The file of the destination, or the name of one of ours. */
  readonly module: string;
  /** The folder to watch for changes; absent for one of ours. */
  readonly watch?: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What the thread is asked. */
export type Question =
  | { readonly id: number; readonly kind: 'try'; readonly input: TryInput }
  | { readonly id: number; readonly kind: 'connection'; readonly settings: TryInput['settings'] };

/** What the thread says: first whether it loaded, then answers. */
export type Said =
  | { readonly kind: 'loaded'; readonly shown: PageData }
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
