import type { StorePart } from './stores.ts';

/** Every part of the stores. */
export const STORE_PARTS: readonly StorePart[] = ['log', 'state', 'workspace'];

/** How stores are before they are opened: nothing is written to find out. */
export interface StoreStanding {
  /** The version of each part's schema, 0 when there is none yet, and the version that this Waybill knows. */
  readonly schemas: readonly {
    readonly part: StorePart;
    readonly version: number;
    readonly known: number;
  }[];
  /** Whether what is missing can be made. */
  readonly maySetUp: boolean;
}
