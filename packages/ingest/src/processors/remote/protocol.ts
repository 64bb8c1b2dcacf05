import type { DeletionRequest } from '@waybill/core';
import type { Appended, Carry, Lease } from '@waybill/delivery';
import type { Asked } from '../../elsewhere.ts';
import type { Refused } from '../../intake/intake.ts';
import type { ProcessorFailure } from '../work.ts';

/*
 * The messages between the accepting thread and the processors thread. Processors read the log themselves; the accepting thread
 * writes for them, and decides who may write.
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

/** Selects a run: by the processor, or by its owner. */
export type RemoteRun = { readonly id: string; readonly partition: number } | { readonly owner: string };

/** The writes of a processor in one transaction: events as strings, and the values one after the other. */
export interface RemoteCarry {
  readonly processor: string;
  readonly lease: Lease<string>;
  readonly cursor: string | undefined;
  readonly messageIds: readonly string[];
  readonly texts: readonly string[];
  /** Events that the log refuses. */
  readonly refused: readonly Omit<Refused, 'index'>[];
  readonly keys: readonly string[];
  /** The end offset of each value; -1 for deleted ones. */
  readonly ends: readonly number[];
  readonly values: Uint8Array<ArrayBuffer>;
  readonly timers: NonNullable<Carry['timers']>;
  readonly sharesKeys: boolean;
}

/** The result of a write. */
export type RemoteCarried = 'carried' | 'stale' | { readonly failed: string };

/** Leases for an owner, without regard to the distribution of work. */
export type RemoteLeases = 'shared' | 'all';

/** The operations of the processors thread. */
export interface ThreadSide {
  configure(processors: readonly RemoteProcessor[], erases: boolean): Promise<void>;
  wake(): Promise<void>;
  idle(): Promise<void>;
  reached(): Promise<readonly number[]>;
  /** Calls one of the functions of `RunHandle` on a run. */
  run(run: RemoteRun, name: string, given: readonly unknown[]): Promise<unknown>;
  forget(who: DeletionRequest): Promise<void>;
  stop(): Promise<void>;
}

/** The operations of the accepting thread for it. */
export interface MainSide {
  /** Writes the results of all processors in a round. */
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
