import type { DeletionRequest } from '@waybill/core';
import type { Appended, Carry, Lease } from '@waybill/delivery';
import type { Asked } from '../../elsewhere.ts';
import type { Refused } from '../../intake/intake.ts';
import type { ProcessorFailure } from '../work.ts';

/*
 * What the accepting thread and the processors thread say to each other. Processors read the log themselves; what they write, and who may write
 * it, is up to the accepting thread.
 */

/** A processor as its thread needs it. */
export interface RemoteProcessor {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly slug: string;
  readonly sources: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A run of a processor: by the processor, or by the owner that it works for. */
export type RemoteRun = { readonly id: string; readonly partition: number } | { readonly owner: string };

/** What a processor writes in one transaction: events as texts, and the values that are to be kept one after the other. */
export interface RemoteCarry {
  readonly processor: string;
  readonly lease: Lease<string>;
  readonly cursor: string | undefined;
  readonly messageIds: readonly string[];
  readonly texts: readonly string[];
  /** Events of which the log takes none. */
  readonly refused: readonly Omit<Refused, 'index'>[];
  readonly keys: readonly string[];
  /** Where each value ends; -1 for what is forgotten. */
  readonly ends: readonly number[];
  readonly values: Uint8Array<ArrayBuffer>;
  readonly timers: NonNullable<Carry['timers']>;
}

/** What became of what was carried. */
export type RemoteCarried = 'carried' | 'stale' | { readonly failed: string };

/** Leases as those see them who work for an owner, or without regard to who is to have what. */
export type RemoteLeases = 'shared' | 'all';

/** What the processors thread does. */
export interface ThreadSide {
  configure(processors: readonly RemoteProcessor[], erases: boolean): Promise<void>;
  wake(): Promise<void>;
  idle(): Promise<void>;
  reached(): Promise<readonly number[]>;
  /** Asks a run for one of the functions of `RunHandle`. */
  run(run: RemoteRun, name: string, given: readonly unknown[]): Promise<unknown>;
  forget(who: DeletionRequest): Promise<void>;
  stop(): Promise<void>;
}

/** What the accepting thread does for it. */
export interface MainSide {
  /** Writes what all processors have come to in a round. */
  carry(all: readonly RemoteCarry[]): Promise<readonly RemoteCarried[]>;
  append(carry: Carry): Promise<readonly Appended[] | 'stale'>;
  set(key: string, value: string): Promise<void>;
  acquire(
    which: RemoteLeases,
    owner: string,
    holder: string,
    ttl: number,
  ): Promise<Lease<string> | undefined>;
  renew(which: RemoteLeases, lease: Lease<string>, ttl: number): Promise<boolean>;
  release(which: RemoteLeases, lease: Lease<string>): Promise<void>;
  isHere(owner: string): Promise<boolean>;
  askElsewhere(owner: string, asked: Asked): Promise<'taken' | 'full'>;
  failure(processor: string, failure: ProcessorFailure): Promise<void>;
  error(processor: string, error: { readonly message: string; readonly stack?: string }): Promise<void>;
}
