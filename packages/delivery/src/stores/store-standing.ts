import type { StorePart } from './stores.ts';

/** Every part of the stores. */
export const STORE_PARTS: readonly StorePart[] = ['log', 'state', 'workspace'];

/** The status of stores before they are opened, determined without writing. */
export interface StoreStanding {
  /** The version of each part's schema, 0 when there is none yet, and the version of this Waybill. */
  readonly schemas: readonly {
    readonly part: StorePart;
    readonly version: number;
    readonly known: number;
  }[];
  /** Whether missing parts can be created. */
  readonly maySetUp: boolean;
}
